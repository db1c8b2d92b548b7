package io.fairlead.bench.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.kube.KubeSource;
import io.fairlead.agent.source.SkippedObject;
import io.fairlead.bench.lab.Await;
import io.fairlead.dataplane.model.NamespaceRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.ObjectChange;
import io.fairlead.dataplane.model.ObjectChange.NamespaceChanged;
import io.fairlead.dataplane.model.ObjectChange.NetworkPolicyChanged;
import io.fairlead.dataplane.model.ObjectChange.PodChanged;
import io.fairlead.dataplane.model.ObjectChange.Synced;
import io.fairlead.dataplane.model.PodRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the agent's source makes of Pods, Namespaces and NetworkPolicies, over HTTP. */
@Timeout(60)
class PolicySourceTest {

  @TempDir private Path folder;

  private final BlockingQueue<ObjectChange> changes = new LinkedBlockingQueue<>();
  private ApiServerDouble server;
  private final List<KubeSource> sources = new ArrayList<>();

  @BeforeEach
  void listen() throws Exception {
    server = ApiServerDouble.start();
  }

  @AfterEach
  void stop() {
    sources.forEach(KubeSource::close);
    server.close();
  }

  private KubeSource start(boolean policies) throws Exception {
    Path kubeconfig = folder.resolve("kubeconfig");
    server.writeKubeconfig(kubeconfig);
    KubeSource source = KubeSource.open(kubeconfig, "n1", policies);
    sources.add(source);
    source.start(changes::add);
    return source;
  }

  /** The changes until {@code last}, as texts, in order. */
  private List<String> until(String last) throws InterruptedException {
    List<String> seen = new ArrayList<>();
    while (seen.isEmpty() || !seen.getLast().equals(last)) {
      ObjectChange change = changes.poll(20, TimeUnit.SECONDS);
      assertThat(change).as("%s after %s", last, seen).isNotNull();
      seen.add(text(change));
    }
    return seen;
  }

  private static String text(ObjectChange change) {
    return switch (change) {
      case PodChanged pod -> "pod " + pod.key() + (pod.pod() == null ? " gone" : text(pod.pod()));
      case NamespaceChanged(String name, NamespaceRecord namespace, String _) ->
          "namespace " + name + (namespace == null ? " gone" : " " + namespace.labels());
      case NetworkPolicyChanged policy ->
          "policy " + policy.key() + (policy.policy() == null ? " gone" : text(policy.policy()));
      case Synced _ -> "synced";
      default -> "another";
    };
  }

  private static String text(PodRecord pod) {
    return " " + pod.labels() + " " + pod.addresses();
  }

  private static String text(NetworkPolicyRecord policy) {
    return " ingress "
        + (policy.ingress() == null ? "free" : policy.ingress().size() + " rules")
        + ", problems "
        + policy.problems().size();
  }

  private static final String OPEN = "podSelector: {}, ingress: [{}]";

  @Test
  @DisplayName("all there is before Synced, then every change; a pod that ends is gone (policy 5)")
  void lifeOfObjects() throws Exception {
    server.create(ApiObjects.namespace("shop", "team: a"));
    server.create(ApiObjects.pod("a", "10.244.1.1", "Running"));
    server.create(ApiObjects.pod("job", "10.244.1.9", "Succeeded"));
    server.create(ApiObjects.networkPolicy("guard", OPEN));
    assertThat(start(true).hasAllPods()).isFalse();
    assertThat(until("synced"))
        .containsExactlyInAnyOrder(
            "namespace shop {kubernetes.io/metadata.name=shop, team=a}",
            "pod shop/a {app=web} [10.244.1.1]",
            "policy shop/guard ingress 1 rules, problems 0",
            "synced");
    server.update(ApiObjects.pod("a", "10.244.1.1", "Failed"));
    assertThat(until("pod shop/a gone")).hasSize(1);
    server.create(ApiObjects.pod("b", "10.244.1.1", "Running"));
    assertThat(until("pod shop/b {app=web} [10.244.1.1]")).hasSize(1);
    server.update(ApiObjects.namespace("shop", "team: b"));
    assertThat(until("namespace shop {kubernetes.io/metadata.name=shop, team=b}")).hasSize(1);
    server.update(ApiObjects.networkPolicy("guard", "podSelector: {}"));
    assertThat(until("policy shop/guard ingress 0 rules, problems 0")).hasSize(1);
    server.delete(ApiResource.NETWORK_POLICIES, "shop", "guard");
    assertThat(until("policy shop/guard gone")).hasSize(1);
    server.delete(ApiResource.NAMESPACES, "", "shop");
    assertThat(until("namespace shop gone")).hasSize(1);
  }

  @Test
  @DisplayName("pods that have ended are not even asked for; without policies no pods at all")
  void requests() throws Exception {
    KubeSource without = start(false);
    until("synced");
    assertThat(targets())
        .isNotEmpty()
        .noneMatch(target -> target.matches(".*/(pods|namespaces|networkpolicies)\\b.*"));
    without.close();
    start(true);
    until("synced");
    Await.until(
        "pods are watched",
        Duration.ofSeconds(20),
        () ->
            targets().stream()
                .anyMatch(
                    target -> target.startsWith("/api/v1/pods?") && target.contains("watch=true")));
    assertThat(targets())
        .filteredOn(target -> target.startsWith("/api/v1/pods?"))
        .hasSizeGreaterThanOrEqualTo(2)
        .allMatch(target ->
            target.contains(
                "fieldSelector=status.phase%21%3DSucceeded%2Cstatus.phase%21%3DFailed"));
    assertThat(targets())
        .filteredOn(target -> target.startsWith("/apis/networking.k8s.io/v1/networkpolicies?"))
        .first()
        .asString()
        .contains("limit=500");
  }

  private List<String> targets() {
    return server.requests().stream().map(ApiRequest::target).toList();
  }

  @Test
  @DisplayName("1,200 pods come in pages, and Synced after the last of them (faults 9)")
  void pages() throws Exception {
    for (int i = 0; i < 1200; i++) {
      server.create(ApiObjects.pod("p" + i, "10.244." + i / 250 + "." + (1 + i % 250), "Running"));
    }
    start(true);
    assertThat(until("synced")).hasSize(1201);
    assertThat(targets())
        .filteredOn(target -> target.startsWith("/api/v1/pods?") && target.contains("continue="))
        .hasSize(2);
  }

  @Test
  @DisplayName("a namespace arrives after its pods and policies (faults 8)")
  void namespaceLast() throws Exception {
    server.create(ApiObjects.pod("a", "10.244.1.1", "Running"));
    server.create(ApiObjects.networkPolicy("guard", OPEN));
    start(true);
    assertThat(until("synced"))
        .containsExactlyInAnyOrder(
            "pod shop/a {app=web} [10.244.1.1]",
            "policy shop/guard ingress 1 rules, problems 0",
            "synced");
    server.create(ApiObjects.namespace("shop", "team: a"));
    assertThat(until("namespace shop {kubernetes.io/metadata.name=shop, team=a}")).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(ApiFaults.Gone.class)
  @DisplayName("what went, ended or changed while nobody looked, and 410 after it (faults 6)")
  void gap(ApiFaults.Gone gone) throws Exception {
    server.faults().gone(gone);
    server.create(ApiObjects.namespace("shop", "team: a"));
    for (String name : List.of("stays", "goes", "ends", "changes", "replaced")) {
      server.create(ApiObjects.pod(name, "10.244.1.1", "Running"));
    }
    server.create(ApiObjects.networkPolicy("guard", OPEN));
    start(true);
    until("synced");
    // The client takes a watch that ends early and without an event for one that is gone.
    server.create(ApiObjects.pod("first", "10.244.1.9", "Running"));
    until("pod shop/first {app=web} [10.244.1.9]");
    server.update(ApiObjects.networkPolicy("guard", "podSelector: {}"));
    until("policy shop/guard ingress 0 rules, problems 0");
    server.update(ApiObjects.namespace("shop", "team: b"));
    until("namespace shop {kubernetes.io/metadata.name=shop, team=b}");

    server.goDown();
    server.delete(ApiResource.PODS, "shop", "goes");
    server.update(ApiObjects.pod("ends", "10.244.1.1", "Succeeded"));
    server.update(ApiObjects.pod("changes", "10.244.1.2", "Running"));
    server.delete(ApiResource.PODS, "shop", "replaced");
    server.create(ApiObjects.pod("replaced", "10.244.1.3", "Pending"));
    server.delete(ApiResource.NETWORK_POLICIES, "shop", "guard");
    server.delete(ApiResource.NAMESPACES, "", "shop");
    server.compact();
    server.comeBack();
    List<String> expected =
        List.of(
            "pod shop/goes gone",
            "pod shop/ends gone",
            "pod shop/changes {app=web} [10.244.1.2]",
            "pod shop/replaced {app=web} [10.244.1.3]",
            "policy shop/guard gone",
            "namespace shop gone");
    List<String> seen =
        Stream.generate(this::next).limit(expected.size()).collect(Collectors.toList());
    assertThat(seen).as("these and no others").containsExactlyInAnyOrderElementsOf(expected);
    server.create(ApiObjects.pod("late", "10.244.1.4", "Running"));
    assertThat(until("pod shop/late {app=web} [10.244.1.4]")).hasSize(1);
  }

  private String next() {
    try {
      ObjectChange change = changes.poll(20, TimeUnit.SECONDS);
      return change == null ? "nothing" : text(change);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }

  @Test
  @DisplayName("bookmarks carry a watch over a compaction: nothing is listed again")
  void bookmarks() throws Exception {
    server.bookmarkInterval(Duration.ofMillis(50));
    server.create(ApiObjects.pod("a", "10.244.1.1", "Running"));
    start(true);
    until("synced");
    server.create(ApiObjects.service("elsewhere"));
    long written = server.version();
    until("another");
    Thread.sleep(1500); // Long enough for bookmarks of every watch, of which nothing else tells.
    long lists = lists();
    server.compact();
    server.faults().dropWatches();
    server.create(ApiObjects.pod("b", "10.244.1.2", "Running"));
    assertThat(until("pod shop/b {app=web} [10.244.1.2]")).hasSize(1);
    assertThat(server.version()).isGreaterThan(written);
    assertThat(lists()).isEqualTo(lists);
  }

  private long lists() {
    return targets().stream()
        .filter(target -> target.startsWith("/api/v1/pods?") && !target.contains("watch=true"))
        .count();
  }

  @Test
  @DisplayName(
      "a bad policy does not hold the others up; its Event says what is wrong"
          + " (policy 11, faults 14)")
  void badPolicy() throws Exception {
    server.create(ApiObjects.networkPolicy("a", OPEN));
    server.create(
        ApiObjects.networkPolicy(
            "bad", "podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/33}}]}, {}]"));
    server.create(ApiObjects.networkPolicy("c", OPEN));
    KubeSource source = start(true);
    assertThat(until("synced"))
        .containsExactlyInAnyOrder(
            "policy shop/a ingress 1 rules, problems 0",
            "policy shop/bad ingress 2 rules, problems 1",
            "policy shop/c ingress 1 rules, problems 0",
            "synced");
    assertThat(source.skipped())
        .singleElement()
        .extracting(SkippedObject::kind, SkippedObject::name)
        .containsExactly("NetworkPolicy", "shop/bad");
    ApiWrite event = awaitEvent();
    assertThat(event.object().at("/involvedObject/kind").asText()).isEqualTo("NetworkPolicy");
    assertThat(event.object().at("/involvedObject/apiVersion").asText())
        .isEqualTo("networking.k8s.io/v1");
    assertThat(event.object().at("/involvedObject/name").asText()).isEqualTo("bad");
    assertThat(event.object().at("/involvedObject/uid").asText()).hasSize(36);
    assertThat(event.object().at("/message").asText())
        .contains("spec.ingress[0].from[0].ipBlock.cidr: \"10.0.0.0/33\" is not a CIDR");

    server.update(ApiObjects.networkPolicy("bad", OPEN));
    until("policy shop/bad ingress 1 rules, problems 0");
    assertThat(source.skipped()).isEmpty();
  }

  private ApiWrite awaitEvent() throws InterruptedException {
    while (true) {
      for (ApiWrite write : server.history()) {
        if (write.resource() == ApiResource.EVENTS) {
          return write;
        }
      }
      Thread.sleep(20);
    }
  }
}
