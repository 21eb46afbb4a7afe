package retl.core.preview;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import retl.core.credential.Credential;
import retl.core.warehouse.Column;

/** Previews for tests. */
public final class Samples {
  private Samples() {}

  /** A preview that somebody asks for now, on these credentials as they are. */
  public static Preview queued(String id, Credential credential, String sql, Instant now) {
    return new Preview(
        id,
        Preview.Status.QUEUED,
        credential.id(),
        credential.targetVersion(),
        sql,
        new Preview.Wanted.Rows(50),
        null,
        null,
        null,
        now.plus(Previews.DEADLINE),
        now.plus(Previews.KEPT));
  }

  /** The same preview when it has run and found no rows in these columns. */
  public static Preview completed(Preview preview, List<Column> columns) {
    return preview.completed(
        new Preview.Result(columns, 0, false, 0, List.of(), Set.of(), null), 5);
  }
}
