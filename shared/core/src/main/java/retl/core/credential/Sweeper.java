package retl.core.credential;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Ends what stopped half-way. A credential that nobody was told of is taken back, a secret that no
 * row leads to is retired, models are made unverified whose credentials changed, the revisions of a
 * deleted model are removed, and a change of status is told. It is the only one that retires the
 * secrets of credentials.
 *
 * <p>Every step may be repeated, so a sweep that stops half-way itself is ended by the next one.
 */
public final class Sweeper {
  /**
   * How long a note is left alone. Whoever wrote it has ended by then: a function ends after 27
   * seconds, and a worker that was handed the secret before it became loose after two minutes.
   */
  public static final Duration GRACE = Duration.ofMinutes(5);

  private static final int AT_ONCE = 1000;

  private final Unfinished.Store notes;
  private final CredentialStore store;
  private final SecretStore secrets;
  private final ModelUses models;
  private final StatusChange.Announcer announcer;
  private final Clock clock;

  public Sweeper(
      Unfinished.Store notes,
      CredentialStore store,
      SecretStore secrets,
      ModelUses models,
      StatusChange.Announcer announcer,
      Clock clock) {
    this.notes = notes;
    this.store = store;
    this.secrets = secrets;
    this.models = models;
    this.announcer = announcer;
    this.clock = clock;
  }

  /**
   * Ends what was noted longer ago than {@link #GRACE}, as long as there is time.
   *
   * @param until when to stop; what is left is left to the next sweep
   * @return how much was ended
   * @throws RuntimeException the first failure, when the others have had their turn; the note that
   *     failed stays for the next sweep
   */
  public int sweep(Instant until) {
    int ended = 0;
    RuntimeException failure = null;
    for (Unfinished work : notes.olderThan(clock.instant().minus(GRACE), AT_ONCE)) {
      if (!clock.instant().isBefore(until)) {
        break;
      }
      try {
        end(work);
        ended++;
      } catch (RuntimeException e) {
        failure = failure == null ? e : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
    return ended;
  }

  private void end(Unfinished work) {
    finish(work);
    notes.done(work);
  }

  private void finish(Unfinished work) {
    switch (work) {
      case Unfinished.LooseSecret loose -> {
        if (store.giveUp(loose)) {
          secrets.retire(loose.key());
        }
      }
      case Unfinished.StaleModels stale ->
          models.unverify(stale.workspace(), stale.credentialId(), stale.targetVersion());
      case Unfinished.LeftRevisions(var workspace, var modelId) ->
          models.removeRevisions(workspace, modelId);
      case Unfinished.UntoldChange(var change) -> announcer.announce(change);
    }
  }
}
