package retl.functions.service.provider;

import retl.core.Role;

/**
 * Whom a call speaks for.
 *
 * @param workspace the one workspace that the call can see
 * @param actor what {@code createdBy} and the audit say
 */
public record Identity(String workspace, String actor, Role role) {}
