package io.fairlead.deploy;

import static io.fairlead.deploy.Chart.words;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fairlead.agent.kube.KubeSource;
import io.fairlead.agent.source.ObjectReference;
import io.fairlead.agent.source.VtepAnnouncement;
import io.fairlead.bench.api.ApiRequest;
import io.fairlead.bench.api.ApiServerDouble;
import io.fairlead.dataplane.model.MacAddress;
import io.fairlead.dataplane.model.ObjectChange.Synced;
import io.fairlead.dataplane.model.ObjectKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The ClusterRole grants what an agent asks of an API server, and nothing else: an agent's source
 * does all it can do, and its requests are read as the API server's authorizer reads them.
 */
@Timeout(60)
class RightsTest {

  private static final Pattern PATH =
      Pattern.compile(
          "/(?:api/v1|apis/(?<group>[^/]+)/v1)(?:/namespaces/(?<namespace>[^/]+)(?=/))?"
              + "/(?<resource>[a-z]+)(?:/(?<name>[^/]+))?");

  @TempDir private Path folder;

  private ApiServerDouble server;
  private final List<KubeSource> sources = new ArrayList<>();

  @BeforeEach
  void listen() throws Exception {
    server = ApiServerDouble.start();
    server.apply(
        """
        {apiVersion: v1, kind: Node, metadata: {name: n1}}
        ---
        {apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop},
         spec: {clusterIP: 10.96.0.1, ports: [{port: 80}]}}
        ---
        {apiVersion: networking.k8s.io/v1, kind: NetworkPolicy,
         metadata: {name: deny, namespace: shop}, spec: {podSelector: {}}}
        """);
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
    CountDownLatch synced = new CountDownLatch(1);
    source.start(change -> {
      if (change instanceof Synced) {
        synced.countDown();
      }
    });
    assertThat(synced.await(30, TimeUnit.SECONDS)).isTrue();
    return source;
  }

  /** "verb group/resource", as a rule of a ClusterRole names it. */
  private static String right(ApiRequest request) {
    Matcher path = PATH.matcher(request.target().replaceFirst("\\?.*", ""));
    assertThat(path.matches()).as(request.target()).isTrue();
    boolean one = path.group("name") != null;
    String verb =
        switch (request.method()) {
          case "GET" -> request.isWatch() ? "watch" : one ? "get" : "list";
          case "POST" -> "create";
          case "PATCH" -> "patch";
          case "PUT" -> "update";
          default -> request.method();
        };
    String group = path.group("group");
    return verb + " " + (group == null ? "" : group) + "/" + path.group("resource");
  }

  private Set<String> asked() {
    Set<String> rights = new TreeSet<>();
    server.requests().forEach(request -> rights.add(right(request)));
    return rights;
  }

  private void await(Predicate<Set<String>> condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.test(asked()) && System.nanoTime() < deadline) {
      Thread.sleep(20);
    }
  }

  private static Set<String> granted(String values) {
    Set<String> rights = new TreeSet<>();
    for (JsonNode rule : Chart.only(Chart.objects(values), "ClusterRole").path("rules")) {
      for (String group : words(rule.path("apiGroups"))) {
        for (String resource : words(rule.path("resources"))) {
          words(rule.path("verbs"))
              .forEach(
                  verb -> assertThat(rights.add(verb + " " + group + "/" + resource)).isTrue());
        }
      }
    }
    return rights;
  }

  @Test
  @DisplayName("the rights are those that an agent uses, each of them")
  void areUsed() throws Exception {
    KubeSource first = start(true);
    first.publishVtep(new VtepAnnouncement(MacAddress.parse("0a:00:00:00:00:01"), null));
    ObjectReference service = ObjectReference.service(new ObjectKey("shop", "web"));
    ObjectReference policy = ObjectReference.networkPolicy(new ObjectKey("shop", "deny"));
    first.report(service, "LeftOut", "it is left out");
    first.report(policy, "LeftOut", "it is left out");
    await(rights -> rights.contains("create /events") && rights.contains("patch /nodes"));
    // Another node finds the Event, and counts it up.
    start(true).report(service, "LeftOut", "it is left out");
    Set<String> granted = granted("{}");
    await(rights -> rights.containsAll(granted));
    assertThat(asked()).isEqualTo(granted);
  }

  @Test
  @DisplayName("without NetworkPolicies pods and namespaces are neither read nor granted")
  void areFewerWithoutPolicies() throws Exception {
    start(false);
    Set<String> granted = granted("config: {network-policies: false}");
    await(rights -> rights.contains("watch /nodes") && rights.contains("watch /services"));
    assertThat(granted).containsAll(asked());
    assertThat(String.join(" ", granted)).doesNotContain("pods", "namespaces", "networkpolicies");
  }

  @Test
  @DisplayName("the rights are bound to the service account that the pods have")
  void areBound() {
    var objects = Chart.objects("serviceAccount: {name: other}");
    JsonNode subject = Chart.only(objects, "ClusterRoleBinding").at("/subjects/0");
    JsonNode account = Chart.only(objects, "ServiceAccount").path("metadata");
    assertThat(subject.path("name")).isEqualTo(account.path("name"));
    assertThat(subject.path("namespace")).isEqualTo(account.path("namespace"));
    assertThat(Chart.pod(objects).path("serviceAccountName")).isEqualTo(account.path("name"));
    assertThat(Chart.only(objects, "ClusterRoleBinding").at("/roleRef/name"))
        .isEqualTo(Chart.only(objects, "ClusterRole").at("/metadata/name"));
  }
}
