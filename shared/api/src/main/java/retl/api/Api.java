package retl.api;

import retl.core.Receipt;

/**
 * What every API function needs beside its service.
 *
 * @param receipts the answers to earlier requests with an idempotency key
 */
public record Api(Cursors cursors, Receipt.Store receipts) {}
