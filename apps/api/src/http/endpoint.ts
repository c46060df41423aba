import type { Route } from "@ballast/api-contract";
import { applyDecorators, HttpCode, RequestMapping, RequestMethod, SetMetadata } from "@nestjs/common";

/** The metadata under which a handler keeps its route of the contract. */
export const ENDPOINT = "ballast:endpoint";

const METHODS = { GET: RequestMethod.GET, POST: RequestMethod.POST, DELETE: RequestMethod.DELETE } as const;

/** Serves a route of the contract: its method, its address, its status, and who may ask. */
export function Endpoint(route: Route): MethodDecorator {
  return applyDecorators(
    RequestMapping({ path: route.path, method: METHODS[route.method] }),
    HttpCode(route.status),
    SetMetadata(ENDPOINT, route),
  );
}
