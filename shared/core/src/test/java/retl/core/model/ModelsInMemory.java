package retl.core.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import retl.core.Audit;
import retl.core.Caller;
import retl.core.Name;
import retl.core.Page;
import retl.core.Receipt;

/** Models in a map; what {@link #create} answers can be told to it. */
final class ModelsInMemory implements ModelStore {
  final Map<String, Model> kept = new HashMap<>();
  final List<Audit> audits = new ArrayList<>();
  final List<Receipt> receipts = new ArrayList<>();
  Created answer = Created.CREATED;

  @Override
  public Created create(Caller caller, Model model, Audit audit, @Nullable Receipt receipt) {
    boolean isTaken =
        kept.entrySet().stream()
            .filter(entry -> entry.getKey().startsWith(caller.workspace()))
            .anyMatch(entry -> Name.fold(entry.getValue().name()).equals(Name.fold(model.name())));
    if (answer != Created.CREATED || isTaken) {
      return isTaken ? Created.NAME_TAKEN : answer;
    }
    kept.put(caller.workspace() + model.id(), model);
    audits.add(audit);
    if (receipt != null) {
      receipts.add(receipt);
    }
    return Created.CREATED;
  }

  @Override
  public Optional<Model> find(String workspace, String id) {
    return Optional.ofNullable(kept.get(workspace + id));
  }

  @Override
  public Page<ModelSummary> list(Caller caller, Filter filter, Page.Request page) {
    return new Page<>(kept.values().stream().map(Model::summary).toList(), null);
  }
}
