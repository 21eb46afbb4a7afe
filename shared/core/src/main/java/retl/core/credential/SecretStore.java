package retl.core.credential;

/**
 * Keeps secrets. Each is written once under a name of its own and never changed, so that a repeated
 * write is the same write and a reader always gets the value that belongs to the settings it read.
 */
public interface SecretStore {

  /** Keeps a secret; writing the same secret under the same name again changes nothing. */
  void put(Key key, Secret secret);

  /** The secret of this name; it must be there. */
  Secret get(Key key);

  /**
   * Schedules a secret for deletion: nobody can read it from then on, an operator can restore it
   * for some days. Nothing happens when it is not there or scheduled already.
   */
  void retire(Key key);

  /** Removes what nobody can need again; nothing happens when it is not there. */
  void deleteNow(Key key);

  /**
   * What a secret is called.
   *
   * @param owner the id of the credential or, for a secret that is used once, of the validation
   */
  record Key(String workspace, String owner, int version) {
    /** The name below the deployment's own prefix. */
    public String path() {
      return workspace + "/" + owner + "/v" + version;
    }
  }
}
