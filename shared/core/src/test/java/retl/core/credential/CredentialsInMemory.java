package retl.core.credential;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Name;
import retl.core.Page;
import retl.core.Receipt;

/** Credentials in maps, by workspace and id. */
public final class CredentialsInMemory implements CredentialStore {
  /** What readers see. */
  public final Map<String, Credential> active = new HashMap<>();

  /** What was begun and neither activated nor abandoned. */
  public final Map<String, Credential> pending = new HashMap<>();

  /** The audits, in their order. */
  public final List<Audit> audits = new ArrayList<>();

  /** The receipts, in their order. */
  public final List<Receipt> receipts = new ArrayList<>();

  /** What {@link #recordValidation} was told, in order. */
  public final List<String> recorded = new ArrayList<>();

  private final Set<String> names = new HashSet<>();
  private final Set<Receipt.Once> keys = new HashSet<>();

  /** Makes credentials visible in a workspace. */
  public void add(String workspace, Credential credential) {
    names.add(name(workspace, credential));
    active.put(workspace + credential.id(), credential);
  }

  @Override
  public Begun begin(Caller caller, Credential credential, Receipt.@Nullable Once once) {
    if (once != null && keys.contains(once)) {
      return Begun.REPEATED;
    }
    if (!names.add(name(caller.workspace(), credential))) {
      return Begun.NAME_TAKEN;
    }
    if (once != null) {
      keys.add(once);
    }
    pending.put(caller.workspace() + credential.id(), credential);
    return Begun.BEGUN;
  }

  @Override
  public void activate(
      Caller caller, Credential credential, Audit audit, @Nullable Receipt receipt) {
    pending.remove(caller.workspace() + credential.id());
    active.put(caller.workspace() + credential.id(), credential);
    audits.add(audit);
    if (receipt != null) {
      receipts.add(receipt);
    }
  }

  @Override
  public void abandon(Caller caller, Credential credential, Receipt.@Nullable Once once) {
    pending.remove(caller.workspace() + credential.id());
    names.remove(name(caller.workspace(), credential));
    if (once != null) {
      keys.remove(once);
    }
  }

  @Override
  public Optional<Credential> find(String workspace, String id) {
    return Optional.ofNullable(active.get(workspace + id));
  }

  @Override
  public Page<Credential> list(Caller caller, Filter filter, Page.Request page) {
    return new Page<>(List.copyOf(active.values()), null);
  }

  @Override
  public void recordValidation(
      String workspace,
      String id,
      int secretVersion,
      Credential.Status status,
      Credential.LastValidation last) {
    recorded.add(id + " v" + secretVersion + " " + status + " " + last.code());
  }

  private static String name(String workspace, Credential credential) {
    return workspace + "/" + Name.fold(credential.name());
  }
}
