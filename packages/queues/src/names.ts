/** The queue whose jobs wake a worker for one account. BullMQ forbids colons in names. */
export const LOOK_AGAIN_QUEUE = "look-again";
