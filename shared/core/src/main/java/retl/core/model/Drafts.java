package retl.core.model;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import retl.core.FieldError;
import retl.core.FieldError.Code;
import retl.core.Problem;
import retl.core.Refused;
import retl.core.credential.Credential;
import retl.core.credential.SavedCredentials;
import retl.core.preview.PreviewStore;
import retl.core.query.QueryGate;
import retl.core.query.Verdict;
import retl.core.warehouse.Column;
import retl.core.warehouse.Warehouse;

/**
 * Judges what a model is to be saved with: credentials that are there and do not fail, a query that
 * only reads, a preview that shows that it works, and a key among its columns.
 */
public final class Drafts {
  private final SavedCredentials credentials;
  private final Evidence evidence;
  private final QueryGate gate;

  public Drafts(SavedCredentials credentials, PreviewStore previews, QueryGate gate, Clock clock) {
    this.credentials = credentials;
    this.evidence = new Evidence(previews, clock);
    this.gate = gate;
  }

  /** A model that is to be made, or the problem that keeps it from being. */
  Draft made(String workspace, NewModel wanted) {
    List<FieldError> errors = new ArrayList<>();
    Optional<Credential> credential = credential(workspace, wanted.credentialId(), errors);
    Evidence.Shown shown = shown(workspace, wanted.previewId(), wanted.sql(), credential, errors);
    KeyColumns.check("primaryKey", wanted.primaryKey(), columnsOf(shown), errors);
    return judged(wanted.sql(), credential, shown, errors, true);
  }

  /**
   * What a change makes of a model, or the problem that keeps it from being.
   *
   * @param restored the revision that the change makes current again; null when it is another
   *     change
   */
  Draft changed(String workspace, Model before, ModelPatch change, @Nullable Revision restored) {
    List<FieldError> errors = new ArrayList<>();
    boolean keepsQuery = change.keepsQuery(before);
    Evidence.Shown standing = keepsQuery ? standing(before) : null;
    if (keepsQuery && isNoOtherPreview(before, change.previewId())) {
      checkNewKey(before, change, standing, restored, errors);
      refuse(errors);
      return new Draft(before.warehouse(), standing);
    }
    Optional<Credential> credential = credential(workspace, change.credentialId(), errors);
    Evidence.Shown shown =
        change.previewId() == null
            ? shownBy(restored, credential)
            : shown(workspace, change.previewId(), change.sql(), credential, errors);
    if (errors.isEmpty()) {
      checkNewKey(before, change, shown, restored, errors);
    }
    boolean isOther = !change.credentialId().equals(before.credentialId());
    return judged(change.sql(), credential, shown, errors, isOther);
  }

  private static boolean isNoOtherPreview(Model before, @Nullable String previewId) {
    Model.Verified verified = before.verified();
    return previewId == null || (verified != null && verified.previewId().equals(previewId));
  }

  private static Evidence.@Nullable Shown standing(Model model) {
    Model.Verified verified = model.verified();
    return verified == null
        ? null
        : new Evidence.Shown(
            verified, Objects.requireNonNullElse(model.columns(), List.<Column>of()));
  }

  // What was shown for a revision holds as long as its credentials lead where they led then.
  private static Evidence.@Nullable Shown shownBy(
      @Nullable Revision restored, Optional<Credential> credential) {
    Model.Verified verified = restored == null ? null : restored.verified();
    List<Column> columns = restored == null ? null : restored.columns();
    boolean holds =
        verified != null
            && credential.isPresent()
            && credential.get().targetVersion() == verified.targetVersion();
    return verified != null && columns != null && holds
        ? new Evidence.Shown(verified, columns)
        : null;
  }

  // A revision's key was good when it was chosen, so it needs no preview now.
  private static void checkNewKey(
      Model before,
      ModelPatch change,
      Evidence.@Nullable Shown shown,
      @Nullable Revision restored,
      List<FieldError> errors) {
    List<String> key = change.primaryKey();
    if (key == null || !change.keyIsGiven()) {
      return;
    }
    if (shown != null) {
      KeyColumns.check("primaryKey", key, shown.columns(), errors);
    } else if (restored == null && !key.equals(before.primaryKey())) {
      errors.add(NewModel.keyWithoutPreview());
    }
  }

  private Optional<Credential> credential(
      String workspace, String credentialId, List<FieldError> errors) {
    Optional<Credential> credential = credentials.find(workspace, credentialId);
    if (credential.isEmpty()) {
      errors.add(noCredential());
    }
    return credential;
  }

  static FieldError noCredential() {
    return new FieldError("credentialId", Code.NOT_FOUND, "There are no such credentials.");
  }

  private Evidence.@Nullable Shown shown(
      String workspace,
      @Nullable String previewId,
      String sql,
      Optional<Credential> credential,
      List<FieldError> errors) {
    return previewId == null
        ? null
        : evidence.of(workspace, previewId, sql, credential, errors).orElse(null);
  }

  private static @Nullable List<Column> columnsOf(Evidence.@Nullable Shown shown) {
    return shown == null ? null : shown.columns();
  }

  private Draft judged(
      String sql,
      Optional<Credential> credential,
      Evidence.@Nullable Shown shown,
      List<FieldError> errors,
      boolean mustBeUsable) {
    refuse(errors);
    Credential found = credential.orElseThrow();
    if (mustBeUsable && found.status() == Credential.Status.FAILING) {
      throw new Refused(new Problem.CredentialNotValid(found.id()));
    }
    if (gate.judge(sql, found.warehouse()) instanceof Verdict.Refused no) {
      throw new Refused(new Problem.QueryRefused(no));
    }
    return new Draft(found.warehouse(), shown);
  }

  private static void refuse(List<FieldError> errors) {
    if (!errors.isEmpty()) {
      throw new Refused(new Problem.InvalidRequest(errors));
    }
  }

  /**
   * What was found good.
   *
   * @param shown null when nobody has shown that the query works
   */
  record Draft(Warehouse warehouse, Evidence.@Nullable Shown shown) {}
}
