package retl.warehouse.redshift;

import retl.core.credential.RedshiftSettings;
import retl.core.credential.Secret;

/**
 * Who logs in to the database.
 *
 * @param name of the user
 * @param password which ends by itself when IAM gave it; it is kept nowhere
 * @param member whose rights the session has: the name that grants are for
 */
record DatabaseLogin(String name, String password, String member) {

  static DatabaseLogin of(RedshiftSettings settings, Secret secret) {
    return new DatabaseLogin(settings.user(), secret.required("password"), settings.user());
  }

  @Override
  public String toString() {
    return "DatabaseLogin[" + name + "]";
  }
}
