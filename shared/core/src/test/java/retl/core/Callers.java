package retl.core;

/** Callers of two workspaces. */
public final class Callers {
  public static final Caller ADMIN = of("ws1", Role.ADMIN);
  public static final Caller EDITOR = of("ws1", Role.EDITOR);
  public static final Caller VIEWER = of("ws1", Role.VIEWER);
  public static final Caller STRANGER = of("ws2", Role.ADMIN);

  private Callers() {}

  /** A caller of this workspace. */
  public static Caller of(String workspace, Role role) {
    return new Caller(workspace, "tok_" + role.wireName(), role, "req-1");
  }
}
