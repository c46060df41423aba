import { reactPreset } from "../../jest.preset.mjs";

export default { ...reactPreset, displayName: "admin" };
