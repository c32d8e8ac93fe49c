import { AuditController } from './audit-log/audit.controller.ts';
import { DraftController } from './draft/draft.controller.ts';
import { DraftEditing } from './draft/draft-editing.ts';
import { DRAFT_PART_CONTROLLERS } from './draft/draft-part.controller.ts';
import { DraftPlan } from './draft/draft-plan.ts';
import { DraftQuestions } from './draft/draft-questions.ts';
import { DraftQuestionsController } from './draft/draft-questions.controller.ts';
import { DraftReplacing } from './draft/draft-replacing.ts';
import { DraftView } from './draft/draft-view.ts';
import { OperationsImport } from './draft/operations-import.ts';
import { OperationsImportController } from './draft/operations-import.controller.ts';
import { LivePolicies } from './policy/live-policies.ts';
import { PolicyLockout } from './policy/lockout.ts';
import { Rights } from './policy/rights.ts';
import { Publishing } from './releases/publishing.ts';
import { ReleasesController } from './releases/releases.controller.ts';
import { ReportsController } from './reports/reports.controller.ts';
import { Standing } from './reports/standing.ts';
import { UnusedRights } from './reports/unused.ts';
import { ShadowController } from './shadow/shadow.controller.ts';
import { WhoamiController } from './whoami/whoami.controller.ts';

/** The life of policies, and what is known of their use. */
export const POLICY_CONTROLLERS = [
  ...DRAFT_PART_CONTROLLERS,
  DraftController,
  DraftQuestionsController,
  OperationsImportController,
  ReleasesController,
  ShadowController,
  AuditController,
  ReportsController,
  WhoamiController,
];

export const POLICY_PROVIDERS = [
  LivePolicies,
  Rights,
  PolicyLockout,
  DraftEditing,
  DraftView,
  DraftReplacing,
  DraftQuestions,
  DraftPlan,
  OperationsImport,
  Publishing,
  Standing,
  UnusedRights,
];
