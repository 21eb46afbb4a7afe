package retl.core.job;

/**
 * A job's address: all that travels. What is to be done stands in the store, under these two ids.
 *
 * @param workspace the workspace that it belongs to; the worker looks nowhere else
 * @param id of a preview ({@code prv_…}) or a validation ({@code val_…})
 */
public record Job(String workspace, String id) {}
