FROM node:24-slim AS build
WORKDIR /oncekey
COPY . .
RUN npm ci --ignore-scripts --omit=optional && npm run build && npm prune --omit=dev --omit=optional

FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /oncekey
COPY --from=build /oncekey/package.json ./
COPY --from=build /oncekey/node_modules ./node_modules
COPY --from=build /oncekey/apps/cli ./apps/cli
COPY --from=build /oncekey/libs/client/package.json ./libs/client/
COPY --from=build /oncekey/libs/resource-server/package.json ./libs/resource-server/
COPY --from=build /oncekey/dist ./dist
USER node
EXPOSE 8080 8081
CMD ["node", "dist/apps/broker/src/main.js"]
