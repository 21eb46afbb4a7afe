package retl.core.token;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Page;
import retl.core.Receipt;

/** Tokens, kept as long as the test runs. */
final class TokensInMemory implements TokenStore {
  final Map<String, Kept> kept = new LinkedHashMap<>();
  final Map<String, String> workspaces = new LinkedHashMap<>();
  final List<Audit> audits = new ArrayList<>();
  final List<Receipt> receipts = new ArrayList<>();
  int usesNoted;

  @Override
  public Optional<Kept> find(String tokenId) {
    return Optional.ofNullable(kept.get(tokenId));
  }

  @Override
  public void noteUse(Kept seen, String hash, Instant at) {
    usesNoted++;
    Grant grant = seen.grant();
    Grant used =
        new Grant(
            grant.tokenId(),
            grant.workspace(),
            grant.name(),
            grant.role(),
            grant.createdAt(),
            grant.createdBy(),
            grant.expiresAt(),
            at);
    kept.replace(grant.tokenId(), new Kept(used, hash));
  }

  @Override
  public Created create(Kept token, Audit audit, @Nullable Receipt receipt) {
    kept.put(token.grant().tokenId(), token);
    audits.add(audit);
    if (receipt != null) {
      receipts.add(receipt);
    }
    return Created.CREATED;
  }

  @Override
  public void open(String workspaceName, Kept first, Audit audit) {
    workspaces.put(first.grant().workspace(), workspaceName);
    create(first, audit, null);
  }

  @Override
  public boolean isOpen(String workspace) {
    return workspaces.containsKey(workspace);
  }

  @Override
  public Page<Grant> list(Caller caller, Page.Request page) {
    return new Page<>(
        kept.values().stream()
            .map(Kept::grant)
            .filter(grant -> grant.workspace().equals(caller.workspace()))
            .toList(),
        null);
  }

  @Override
  public boolean delete(Caller caller, String tokenId, Audit audit) {
    audits.add(audit);
    return kept.remove(tokenId) != null;
  }
}
