package retl.core;

import java.util.Locale;
import java.util.Optional;

/** What a caller may do; each role may also do everything that the ones before it may. */
public enum Role {
  /** Reads, except tokens and audit. */
  VIEWER,
  /** Also writes models and sources, runs previews and validates saved credentials. */
  EDITOR,
  /** Also writes credentials and tokens and reads the audit. */
  ADMIN;

  /** The name in the API and in stored items: lower case. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** True when this role may do what {@code needed} may. */
  public boolean includes(Role needed) {
    return compareTo(needed) >= 0;
  }

  /** The role of this wire name, spelled exactly so; empty for any other text. */
  public static Optional<Role> of(String wireName) {
    for (Role role : values()) {
      if (role.wireName().equals(wireName)) {
        return Optional.of(role);
      }
    }
    return Optional.empty();
  }
}
