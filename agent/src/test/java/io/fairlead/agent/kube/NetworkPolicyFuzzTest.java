package io.fairlead.agent.kube;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.ObjectChange;
import io.fairlead.dataplane.model.ObjectChange.NetworkPolicyChanged;
import io.fairlead.dataplane.testing.Seed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Policies that something went wrong with on their way. */
class NetworkPolicyFuzzTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final ManifestReader READER = new ManifestReader();

  private static final List<String> POLICIES =
      List.of(
          """
          {"podSelector": {"matchLabels": {"app": "web"}}, "policyTypes": ["Ingress", "Egress"],
           "ingress": [
             {"from": [{"podSelector": {"matchLabels": {"app": "db"}}},
                       {"ipBlock": {"cidr": "10.0.0.0/8", "except": ["10.1.0.0/16"]}}],
              "ports": [{"port": 80}, {"protocol": "UDP", "port": 53}]},
             {"from": [{"namespaceSelector": {"matchLabels": {"team": "a"}},
                        "podSelector": {"matchExpressions": [
                          {"key": "app", "operator": "NotIn", "values": ["web", "db"]}]}}]}],
           "egress": [{"to": [{"namespaceSelector": {}}], "ports": [{"port": 80, "endPort": 90}]}]}
          """,
          """
          {"podSelector": {"matchExpressions": [{"key": "app", "operator": "Exists"},
                                                {"key": "tier", "operator": "DoesNotExist"}]},
           "policyTypes": ["Ingress"],
           "ingress": [{"ports": [{"port": "http"}, {"protocol": "SCTP"}]},
                       {"from": [{"podSelector": {"matchExpressions": [
                          {"key": "tier", "operator": "In", "values": ["front", "back"]}]}}]}],
           "egress": [{"to": [{"ipBlock": {"cidr": "fd00::/8", "except": ["fd00:1::/32"]}}]}]}
          """,
          """
          {"podSelector": {},
           "egress": [{"ports": [{"protocol": "UDP", "port": 53}],
                       "to": [{"namespaceSelector": {"matchLabels": {"team": "a"}}}]}]}
          """);

  private static ManifestObject read(String json) {
    try {
      List<ManifestObject> objects = READER.read("f.json", json.getBytes(StandardCharsets.UTF_8));
      assertThat(objects).as(json).hasSize(1);
      return objects.getFirst();
    } catch (ManifestException e) {
      throw new AssertionError(json, e);
    }
  }

  private static NetworkPolicyRecord project(JsonNode spec) {
    ObjectNode policy = NODES.objectNode();
    policy.put("apiVersion", "networking.k8s.io/v1").put("kind", "NetworkPolicy");
    policy.putObject("metadata").put("name", "guard").put("namespace", "shop");
    policy.set("spec", spec);
    ManifestObject object = read(policy.toString());
    ObjectChange change = object.change();
    if (change == null) {
      assertThat(object.problems()).as("%s", spec).isNotEmpty();
      change = ManifestReader.unreadable(object.id());
    }
    return Objects.requireNonNull(((NetworkPolicyChanged) change).policy());
  }

  @Test
  @DisplayName("what is damaged allows nothing that it did not allow before (faults 40, faults 33)")
  void damaged() throws Exception {
    RandomGenerator random = Seed.generator("NetworkPolicyFuzzTest");
    int understood = 0;
    for (int round = 0; round < 4_000; round++) {
      JsonNode whole = JSON.readTree(POLICIES.get(random.nextInt(POLICIES.size())));
      NetworkPolicyRecord before = project(whole);
      assertThat(before.problems()).isEmpty();
      ObjectNode damaged = whole.deepCopy();
      for (int i = random.nextInt(1, 4); i > 0; i--) {
        damage(damaged, random);
      }
      NetworkPolicyRecord after = project(damaged);
      understood += hasRules(after) ? 1 : 0;
      assertThat(PolicyReach.widened(before, after)).as("%s became %s", whole, damaged).isEmpty();
    }
    assertThat(understood).as("policies of which something stayed").isGreaterThan(400);
  }

  private static boolean hasRules(NetworkPolicyRecord record) {
    return (record.ingress() != null && !record.ingress().isEmpty())
        || (record.egress() != null && !record.egress().isEmpty());
  }

  /** Makes one part of a policy one that nobody can understand. */
  private static void damage(ObjectNode spec, RandomGenerator random) {
    List<Runnable> ways = new ArrayList<>();
    collect("spec", spec, ways, random);
    ways.get(random.nextInt(ways.size())).run();
  }

  /** Another label is another policy, not a damaged one; and so is another field of the spec. */
  private static final Set<String> FREE = Set.of("spec", "matchLabels");

  private static void collect(
      String name, JsonNode node, List<Runnable> ways, RandomGenerator random) {
    if (node instanceof ObjectNode object) {
      if (!FREE.contains(name)) {
        ways.add(() -> object.put("zzz", 1));
      }
      for (String field : List.copyOf(object.propertyStream().map(e -> e.getKey()).toList())) {
        JsonNode value = object.path(field);
        ways.add(() -> object.set(field, garbage(value, random)));
        if (!FREE.contains(name)) {
          ways.add(() -> object.set("zzz", object.remove(field)));
        }
        collect(field, value, ways, random);
      }
    } else if (node instanceof ArrayNode array) {
      ways.add(array::addNull);
      ways.add(() -> array.addObject().put("zzz", 1));
      for (int i = 0; i < array.size(); i++) {
        int at = i;
        ways.add(() -> array.setNull(at));
        ways.add(() -> array.set(at, garbage(array.path(at), random)));
        collect("", array.get(at), ways, random);
      }
    }
  }

  private static JsonNode garbage(JsonNode before, RandomGenerator random) {
    return switch (random.nextInt(before.isNumber() ? 6 : 4)) {
      case 0 -> NODES.textNode("?!");
      case 1 -> NODES.textNode("\u0000 " + "x".repeat(300));
      case 2 -> NODES.objectNode().put("?", 1);
      case 3 -> NODES.arrayNode().add("?!");
      case 4 -> NODES.numberNode(70_000);
      default -> NODES.numberNode(-7);
    };
  }

  @Test
  @DisplayName("anything at all is read without an exception, and isolates (faults 40)")
  void anything() throws Exception {
    RandomGenerator random = Seed.generator("NetworkPolicyFuzzTest.anything");
    for (int round = 0; round < 4_000; round++) {
      ObjectNode spec = (ObjectNode) JSON.readTree(POLICIES.get(random.nextInt(POLICIES.size())));
      for (int i = random.nextInt(1, 6); i > 0; i--) {
        replace(spec, random);
      }
      NetworkPolicyRecord record = project(spec);
      assertThat(record.ingress() != null || record.egress() != null).as("%s", spec).isTrue();
    }
  }

  private static void replace(ObjectNode spec, RandomGenerator random) {
    JsonNode at = spec;
    while (true) {
      if (at instanceof ObjectNode object && !object.isEmpty()) {
        List<String> fields = object.propertyStream().map(e -> e.getKey()).toList();
        String field = fields.get(random.nextInt(fields.size()));
        if (random.nextInt(3) == 0) {
          object.set(field, anything(random));
          return;
        }
        at = object.path(field);
      } else if (at instanceof ArrayNode array && !array.isEmpty()) {
        int index = random.nextInt(array.size());
        if (random.nextInt(3) == 0) {
          array.set(index, anything(random));
          return;
        }
        at = array.path(index);
      } else {
        return;
      }
    }
  }

  private static JsonNode anything(RandomGenerator random) {
    return switch (random.nextInt(10)) {
      case 0 -> NODES.nullNode();
      case 1 -> NODES.textNode("");
      case 2 -> NODES.textNode("1");
      case 3 -> NODES.booleanNode(true);
      case 4 -> NODES.numberNode(random.nextLong());
      case 5 -> NODES.numberNode(80.5);
      case 6 -> NODES.objectNode();
      case 7 -> NODES.arrayNode();
      case 8 -> NODES.arrayNode().addNull().add(1).add("x");
      default -> NODES.objectNode().putNull("podSelector").put("port", "http");
    };
  }
}
