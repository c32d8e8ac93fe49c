// The orders of a shop. Before any of this runs, the guard has the broker spend the token that came with the request.
import { readFileSync } from 'node:fs';
import express from 'express';
import { createGuard, grantOf, oncekeyExpress } from '@oncekey/resource-server';

const {
  ONCEKEY_ISSUER: issuer = 'http://127.0.0.1:9400',
  ONCEKEY_KEY: key = 'oncekey/keys/shop-api.jwk.json',
  PORT: port = '3000',
} = process.env;
const resource = `http://127.0.0.1:${port}`;
const privateKey = JSON.parse(readFileSync(key, 'utf8'));
const guard = createGuard({ issuer, clientId: 'shop-api', privateKey, resource });

const orders = [{ id: '42', item: 'tea', cents: 500, by: 'nobody' }];

const app = express();
// Before every body parser: the digest is over the bytes as they came.
app.use(oncekeyExpress({ guard }), express.json());

app.get('/orders', (_request, response) => response.json(orders));

app.get('/orders/:id', ({ params }, response) => {
  const order = orders.find(({ id }) => id === params.id);
  if (order === undefined) response.status(404).json({ error: 'no such order' });
  else response.json(order);
});

app.post('/orders', (request, response) => {
  const { item, cents } = request.body;
  const order = { id: String(42 + orders.length), item, cents, by: grantOf(request).subject };
  orders.push(order);
  response.status(201).json(order);
});

app.listen(Number(port), '127.0.0.1', () => console.log(`the shop listens on ${resource}`));
