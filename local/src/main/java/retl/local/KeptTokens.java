package retl.local;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tokens of the local workspaces, in a file for its owner only, so that they are the same at
 * the next start. The service itself keeps no token, only what tells a good one.
 */
final class KeptTokens {
  private final Path file;
  private final Workspaces workspaces;

  KeptTokens(Path file, Workspaces workspaces) {
    this.file = file;
    this.workspaces = workspaces;
  }

  /** The tokens by workspace and role; those that the file has not are issued and kept. */
  Map<String, Map<String, String>> of(List<String> names) throws IOException {
    Map<String, Object> kept =
        Files.exists(file) ? JSON.std.mapFrom(Files.readString(file)) : Map.of();
    Map<String, Map<String, String>> all = new LinkedHashMap<>();
    for (String name : names) {
      all.put(
          name,
          kept.get(name) instanceof Map<?, ?> tokens ? texts(tokens) : workspaces.issue(name));
    }
    PrivateFile.write(file, JSON.std.asString(all));
    return all;
  }

  private static Map<String, String> texts(Map<?, ?> tokens) {
    Map<String, String> texts = new LinkedHashMap<>();
    tokens.forEach((role, token) -> texts.put(String.valueOf(role), String.valueOf(token)));
    return texts;
  }
}
