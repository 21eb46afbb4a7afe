package retl.core.validation;

import org.jspecify.annotations.Nullable;
import retl.core.Caller;
import retl.core.Fields;
import retl.core.Role;
import retl.core.credential.NetworkRules;
import retl.core.credential.NewCredential;

/**
 * What {@code POST /validations} asks for: saved credentials, or settings that are not saved yet.
 */
public sealed interface NewValidation {

  /**
   * Validate these saved credentials.
   *
   * @param sql a query whose tables are to be checked too; null for none
   */
  record OfSaved(String credentialId, @Nullable String sql) implements NewValidation {}

  /** Validate what the wizard holds; nothing is saved. */
  record OfUnsaved(NewCredential.Access access) implements NewValidation {}

  /**
   * Reads the body. Unsaved settings reach any host that the operator allows, so they need the role
   * that credentials need; that is judged before their fields.
   */
  static NewValidation read(Caller caller, Fields fields, NetworkRules rules) {
    if (fields.has("credentialId")) {
      String credentialId = fields.text("credentialId", 64);
      String sql = fields.optionalText("sql", Integer.MAX_VALUE);
      fields.end();
      return new OfSaved(credentialId, sql);
    }
    caller.require(Role.ADMIN);
    NewCredential.Access access = NewCredential.Access.read(fields, rules);
    fields.end();
    return new OfUnsaved(access);
  }
}
