package retl.core.schedule;

/**
 * A validation that is due.
 *
 * @param place where the credentials lead to; validations with the same place run one by one
 * @param minute the minute that made it due, counted from the epoch; there is one run for it
 */
public record Due(String workspace, String credentialId, String place, long minute) {}
