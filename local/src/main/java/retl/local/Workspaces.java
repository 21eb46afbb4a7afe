package retl.local;

import java.io.IOException;
import java.util.Map;

/** What the service itself does for a place to run in that is new: its stores, and first tokens. */
public interface Workspaces {
  /** Makes the table and the deployment's keys where they are missing. */
  void prepare() throws IOException;

  /**
   * Issues a new token for each role of a workspace.
   *
   * @return the tokens by role: admin, editor, viewer
   */
  Map<String, String> issue(String workspace) throws IOException;
}
