package retl.core.source;

import java.time.Instant;

/**
 * A use of a model: what connections will draw rows from.
 *
 * @param enabled false while nothing is to be drawn from it
 * @param connectionCount how many connections draw from it; it cannot be deleted unless there are
 *     none
 * @param version changes with every write; the resource's ETag
 */
public record Source(
    String id,
    String name,
    String modelId,
    boolean enabled,
    int connectionCount,
    Instant createdAt,
    String createdBy,
    Instant updatedAt,
    String updatedBy,
    long version) {}
