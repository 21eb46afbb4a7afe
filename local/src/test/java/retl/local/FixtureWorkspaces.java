package retl.local;

import java.util.Map;
import java.util.UUID;

/** Tokens that are new at each call. */
final class FixtureWorkspaces implements Workspaces {
  @Override
  public void prepare() {}

  @Override
  public Map<String, String> issue(String workspace) {
    return Map.of("admin", token(), "editor", token(), "viewer", token());
  }

  private static String token() {
    return "rmt_" + UUID.randomUUID();
  }
}
