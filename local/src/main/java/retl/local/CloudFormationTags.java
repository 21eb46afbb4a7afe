package retl.local;

import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.constructor.AbstractConstruct;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Reads CloudFormation's short form of a function, {@code !Ref x}, as its long form. */
final class CloudFormationTags extends SafeConstructor {
  CloudFormationTags() {
    super(new LoaderOptions());
    yamlMultiConstructors.put("!", new LongForm());
  }

  private final class LongForm extends AbstractConstruct {
    @Override
    public Object construct(Node node) {
      String tag = node.getTag().getValue().substring(1);
      boolean plain = tag.equals("Ref") || tag.equals("Condition");
      return Map.of(plain ? tag : "Fn::" + tag, argument(node));
    }

    private Object argument(Node node) {
      return switch (node) {
        case SequenceNode sequence -> constructSequence(sequence);
        case MappingNode mapping -> constructMapping(mapping);
        case ScalarNode scalar -> constructScalar(scalar);
        default -> throw new IllegalArgumentException("No value at " + node.getStartMark());
      };
    }
  }
}
