package retl.aws.faults;

import java.util.HashMap;
import java.util.Map;
import retl.core.credential.Secret;
import retl.core.credential.SecretStore;

/** Secrets as maps. */
final class MemorySecrets implements SecretStore {
  final Map<String, Secret> secrets = new HashMap<>();
  private final Map<String, Secret> retired = new HashMap<>();
  private final Failpoints failpoints;

  MemorySecrets(Failpoints failpoints) {
    this.failpoints = failpoints;
  }

  @Override
  public void put(Key key, Secret secret) {
    failpoints.around(
        () -> {
          if (retired.containsKey(key.path())) {
            throw new Failpoints.ServiceFailed();
          }
          Secret there = secrets.putIfAbsent(key.path(), secret);
          if (there != null && !there.equals(secret)) {
            throw new Failpoints.ServiceFailed();
          }
          return null;
        });
  }

  @Override
  public Secret get(Key key) {
    Secret secret = failpoints.around(() -> secrets.get(key.path()));
    if (secret == null) {
      throw new Failpoints.ServiceFailed();
    }
    return secret;
  }

  @Override
  public void retire(Key key) {
    failpoints.around(
        () -> {
          Secret secret = secrets.remove(key.path());
          if (secret != null) {
            retired.put(key.path(), secret);
          }
          return null;
        });
  }

  @Override
  public void deleteNow(Key key) {
    failpoints.around(() -> secrets.remove(key.path()));
  }
}
