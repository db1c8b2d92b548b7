package io.fairlead.bench.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.kube.KubeSource;
import io.fairlead.dataplane.model.ObjectChange;
import io.fairlead.dataplane.model.ObjectChange.ServiceChanged;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Agents' watches that an API server closes in the middle of what it tells. */
@Timeout(120)
class CutWatchesTest {

  /** So many at once since a watch is cut at the worst moment only now and then. */
  private static final int AGENTS = 12;

  private static final int ROUNDS = 8;

  @TempDir private Path folder;

  private final List<KubeSource> sources = new ArrayList<>();
  private final List<Set<String>> known = new ArrayList<>();

  @AfterEach
  void close() {
    sources.forEach(KubeSource::close);
  }

  private void start(Path kubeconfig) throws Exception {
    Set<String> services = ConcurrentHashMap.newKeySet();
    known.add(services);
    KubeSource source = KubeSource.open(kubeconfig, "n1", false);
    sources.add(source);
    source.start(change -> note(change, services));
  }

  private static void note(ObjectChange change, Set<String> services) {
    if (change instanceof ServiceChanged service && service.service() != null) {
      services.add(service.key().name());
    }
  }

  private static String service(String name, int port) {
    return """
    apiVersion: v1
    kind: Service
    metadata: {name: %s, namespace: default}
    spec:
      type: ClusterIP
      clusterIP: 10.96.3.1
      clusterIPs: [10.96.3.1]
      ports: [{name: main, protocol: TCP, port: %d}]
    """
        .formatted(name, port);
  }

  @Test
  @DisplayName("a watch that is closed just after an event is begun anew at once (faults 7)")
  void closedAfterAnEvent() throws Exception {
    try (ApiServerDouble server = ApiServerDouble.start()) {
      Path kubeconfig = folder.resolve("kubeconfig");
      server.writeKubeconfig(kubeconfig);
      for (int agent = 0; agent < AGENTS; agent++) {
        start(kubeconfig);
      }
      for (int round = 0; round < ROUNDS; round++) {
        String last = "last-" + round;
        server.apply(service(last, 1000));
        awaitAll(last);
        for (int port = 1; port <= 50; port++) {
          server.apply(service("busy", port));
        }
        server.goDown();
        server.comeBack();
      }
      server.apply(service("end", 1000));
      awaitAll("end");
    }
  }

  @ParameterizedTest
  @EnumSource(ApiFaults.Gone.class)
  @DisplayName("the server comes back without its history: all is listed anew (faults 6)")
  void historyGone(ApiFaults.Gone gone) throws Exception {
    try (ApiServerDouble server = ApiServerDouble.start()) {
      server.faults().gone(gone);
      Path kubeconfig = folder.resolve("kubeconfig");
      server.writeKubeconfig(kubeconfig);
      start(kubeconfig);
      for (int round = 0; round < 3; round++) {
        server.apply(service("round-" + round, 1000));
        awaitAll("round-" + round);
        server.goDown();
        server.apply(service("meanwhile-" + round, 1000));
        server.compact();
        server.comeBack();
        awaitAll("meanwhile-" + round);
      }
    }
  }

  private void awaitAll(String name) throws InterruptedException {
    for (int tries = 0; tries < 2000; tries++) {
      if (known.stream().allMatch(services -> services.contains(name))) {
        return;
      }
      TimeUnit.MILLISECONDS.sleep(10);
    }
    for (int agent = 0; agent < known.size(); agent++) {
      assertThat(known.get(agent)).as("%s", sources.get(agent).status()).contains(name);
    }
  }
}
