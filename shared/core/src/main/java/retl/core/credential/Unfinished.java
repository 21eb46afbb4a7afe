package retl.core.credential;

import java.time.Instant;
import java.util.List;

/**
 * Something that one write began and another write must end: noted in the transaction that begins
 * it or before it, crossed out by the one that ends it. What stopped in between stays noted, and
 * {@link Sweeper} ends it.
 */
public sealed interface Unfinished {

  String workspace();

  /** A secret that is in no visible row: not yet, or not any more. */
  record LooseSecret(SecretStore.Key key) implements Unfinished {
    @Override
    public String workspace() {
      return key.workspace();
    }
  }

  /**
   * Models that may still count as verified although their credentials have changed.
   *
   * @param targetVersion what the change led to; what was verified with less is not verified
   */
  record StaleModels(String workspace, String credentialId, int targetVersion)
      implements Unfinished {}

  /** The revisions of a model that was deleted. */
  record LeftRevisions(String workspace, String modelId) implements Unfinished {}

  /** A change of status that may not have been told. */
  record UntoldChange(StatusChange change) implements Unfinished {
    @Override
    public String workspace() {
      return change.workspace();
    }
  }

  /** The notes. */
  interface Store {

    /** Notes something before it is begun. */
    void note(Unfinished work, Instant since);

    /** What was noted before that time, at most so many. */
    List<Unfinished> olderThan(Instant time, int count);

    /** Crosses it out; nothing happens when it is not noted. */
    void done(Unfinished work);
  }
}
