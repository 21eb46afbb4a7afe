package retl.aws;

import java.util.ArrayList;
import java.util.List;
import retl.core.model.Mappings;

/**
 * What connections have mapped of models. Each connection has an item below the model that it uses,
 * with all of its mappings; nobody writes one yet.
 */
public final class DynamoMappings implements Mappings {
  private static final int PAGE = 100;

  private final Table table;

  public DynamoMappings(Table table) {
    this.table = table;
  }

  @Override
  public List<Mapping> of(String workspace, String modelId) {
    List<Mapping> mappings = new ArrayList<>();
    String prefix = "MAPPINGS#" + modelId + "#";
    List<Item> page = table.query(workspace, prefix, null, PAGE);
    while (!page.isEmpty()) {
      page.forEach(connection -> addTo(mappings, connection));
      page = table.query(workspace, prefix, page.getLast().text(Table.SK), PAGE);
    }
    return mappings;
  }

  private static void addTo(List<Mapping> mappings, Item connection) {
    for (Item mapping : connection.optionalMaps("mappings").orElse(List.of())) {
      mappings.add(
          new Mapping(
              connection.text("connectionId"), mapping.text("field"), mapping.text("column")));
    }
  }
}
