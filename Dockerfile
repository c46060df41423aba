FROM node:24-bookworm-slim AS build
WORKDIR /ballast
COPY . .
RUN npx --yes pnpm@12.21.0 install --frozen-lockfile && node scripts/turbo.mjs build
# What only building and testing need does not travel.
RUN npx --yes pnpm@12.21.0 install --frozen-lockfile --prod --offline --config.confirmModulesPurge=false

FROM node:24-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0
WORKDIR /ballast
COPY --from=build /ballast .
USER node
CMD ["node", "apps/api/dist/main.js"]
