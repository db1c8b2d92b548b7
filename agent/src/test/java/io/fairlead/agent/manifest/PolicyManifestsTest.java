package io.fairlead.agent.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.kube.ManifestException;
import io.fairlead.agent.kube.ManifestReader;
import io.fairlead.agent.source.SkippedObjects;
import io.fairlead.dataplane.model.LabelSelector;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.ObjectChange;
import io.fairlead.dataplane.model.ObjectChange.NamespaceChanged;
import io.fairlead.dataplane.model.ObjectChange.NetworkPolicyChanged;
import io.fairlead.dataplane.model.ObjectChange.PodChanged;
import io.fairlead.dataplane.model.ObjectKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Pods, Namespaces and NetworkPolicies of a folder. */
class PolicyManifestsTest {

  private static final ObjectKey GUARD = new ObjectKey("shop", "guard");

  private final ManifestReader reader = new ManifestReader();
  private final SkippedObjects skipped = new SkippedObjects();
  private final List<ObjectChange> changes = new ArrayList<>();
  private final ManifestFolder folder = new ManifestFolder(changes::add, skipped);

  private void write(String name, String text) {
    try {
      folder.replace(name, reader.read(name, text.getBytes(StandardCharsets.UTF_8)));
    } catch (ManifestException e) {
      throw new AssertionError(text, e);
    }
  }

  private static String policy(String spec) {
    return """
    apiVersion: networking.k8s.io/v1
    kind: NetworkPolicy
    metadata: {name: guard, namespace: shop}
    spec: {%s}
    """
        .formatted(spec);
  }

  private @Nullable NetworkPolicyRecord lastPolicy() {
    return ((NetworkPolicyChanged) changes.getLast()).policy();
  }

  @Test
  @DisplayName("several documents of a file come and go; other kinds are passed over")
  void documents() {
    write(
        "shop.yaml",
        """
        {apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {team: a}}}
        ---
        {apiVersion: v1, kind: Pod, metadata: {name: web-0, namespace: shop}, spec: {nodeName: n1}}
        ---
        {apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: other}}
        ---
        apiVersion: v1
        kind: List
        items:
        - {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: open},
           spec: {ingress: [{}]}}
        """);
    assertThat(changes)
        .extracting(change -> change.getClass().getSimpleName())
        .containsExactlyInAnyOrder("NamespaceChanged", "PodChanged", "NetworkPolicyChanged");
    assertThat(skipped.list()).isEmpty();
    changes.clear();
    folder.replace("shop.yaml", List.of());
    assertThat(changes)
        .containsExactlyInAnyOrder(
            new NamespaceChanged("shop", null, "shop.yaml"),
            new PodChanged(new ObjectKey("shop", "web-0"), null, "shop.yaml"),
            new NetworkPolicyChanged(new ObjectKey("default", "open"), null, "shop.yaml"));
  }

  @Test
  @DisplayName("a policy that was never readable shuts its namespace (policy 11, faults 14)")
  void unreadable() {
    write(
        "a.yaml",
        policy("ingress: [{}]").replace("guard", "other")
            + "---\n"
            + policy("podSelector: [1, 2]"));
    assertThat(changes).hasSize(2);
    assertThat(changes)
        .filteredOn(change -> change instanceof NetworkPolicyChanged p && p.key().equals(GUARD))
        .singleElement()
        .isEqualTo(
            new NetworkPolicyChanged(
                GUARD,
                new NetworkPolicyRecord(
                    GUARD,
                    LabelSelector.EVERYTHING,
                    List.of(),
                    List.of(),
                    List.of("it cannot be read")),
                "a.yaml:6"));
    assertThat(skipped.list())
        .singleElement()
        .satisfies(s -> {
          assertThat(s.kind()).isEqualTo("NetworkPolicy");
          assertThat(s.name()).isEqualTo("shop/guard");
          assertThat(s.reason()).startsWith("a.yaml:").contains("podSelector");
        });
    write("a.yaml", policy("ingress: [{}]"));
    assertThat(skipped.list()).isEmpty();
  }

  @Test
  @DisplayName("a policy that cannot be read any more stays as it was")
  void keeps() {
    write("a.yaml", policy("podSelector: {matchLabels: {a: b}}"));
    NetworkPolicyRecord before = lastPolicy();
    assertThat(before).isNotNull();
    changes.clear();
    write("a.yaml", policy("podSelector: {matchLabels: {a: [b]}}"));
    assertThat(changes).isEmpty();
    assertThat(skipped.list()).hasSize(1);
    folder.replace("a.yaml", List.of());
    assertThat(lastPolicy()).isNull();
    assertThat(skipped.list()).isEmpty();
  }
}
