import {
  accountParams,
  type DeleveragingBody,
  type DeleveragingTrial,
  deleveragingTrial,
  type DeleveragingTrialBody,
  instrumentParams,
  ROUTES,
} from "@ballast/api-contract";
import { accountId } from "@ballast/model";
import { Controller, Inject, Param, Query } from "@nestjs/common";
import { Endpoint } from "../http/endpoint.js";
import { DeleveragingService } from "./deleveraging.service.js";

@Controller()
export class DeleveragingController {
  constructor(@Inject(DeleveragingService) private readonly service: DeleveragingService) {}

  @Endpoint(ROUTES.deleveraging)
  ofAccount(@Param({ schema: accountParams }) { account }: { account: string }): Promise<DeleveragingBody> {
    return this.service.ofAccount(accountId(account));
  }

  @Endpoint(ROUTES.deleveragingTrial)
  tryOut(
    @Param({ schema: instrumentParams }) { instrument }: { instrument: string },
    @Query({ schema: deleveragingTrial }) trial: DeleveragingTrial,
  ): Promise<DeleveragingTrialBody> {
    return this.service.tryOut(instrument, trial);
  }
}
