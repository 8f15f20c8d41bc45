import type { Backend } from '../domain/backend.ts'
import type { GrpcServerConfig } from '../domain/backend-config.ts'
import { attached } from './attached.ts'

/** A server that is asked over gRPC: it runs already, and is never started or stopped. */
export const grpcServer: Backend<GrpcServerConfig> = {
  start: (launch, context) => attached(launch, { ...launch.backend, model: launch.model }, context),
}
