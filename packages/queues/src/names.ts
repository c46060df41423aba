/** The queue whose jobs wake a worker for one account. BullMQ forbids colons in names. */
export const LOOK_AGAIN_QUEUE = "look-again";

/** The schema in which BullMQ keeps its tables when the queue is on PostgreSQL; its own default. */
export const QUEUE_SCHEMA = "bullmq";
