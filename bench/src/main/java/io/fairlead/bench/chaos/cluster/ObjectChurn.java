package io.fairlead.bench.chaos.cluster;

import io.fairlead.bench.api.ApiResource;
import io.fairlead.bench.lab.ClusterYaml;
import java.io.IOException;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Creates, changes and deletes Services, EndpointSlices and NetworkPolicies that no probe uses,
 * until it is closed; then all of them are deleted.
 */
public final class ObjectChurn implements AutoCloseable {

  private static final int OBJECTS = 20;
  private static final int LONGEST_PAUSE_MILLISECONDS = 100;

  private final ChaosCluster cluster;
  private final RandomGenerator random;
  private final Thread thread;
  private volatile boolean going = true;
  private final AtomicLong changes = new AtomicLong();

  public ObjectChurn(ChaosCluster cluster, long seed) {
    this.cluster = cluster;
    this.random = new SplittableRandom(seed);
    this.thread = Thread.ofPlatform().daemon().name("churn-objects").unstarted(this::run);
  }

  /** Begins; returns this. */
  public ObjectChurn start() {
    thread.start();
    return this;
  }

  /** How many changes there were. */
  public long changes() {
    return changes.get();
  }

  private void run() {
    try {
      while (going) {
        change(random.nextInt(OBJECTS));
        changes.incrementAndGet();
        Thread.sleep(random.nextInt(LONGEST_PAUSE_MILLISECONDS));
      }
      for (int number = 0; number < OBJECTS; number++) {
        delete(number);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new IllegalStateException("objects cannot come and go", e);
    }
  }

  private void change(int number) throws IOException {
    String service = "service-" + number;
    switch (random.nextInt(5)) {
      case 0 ->
          cluster.apply(
              ClusterYaml.service(service, "10.96.1." + number, 80, ChaosCluster.POD_PORT));
      case 1, 2 ->
          cluster.apply(
              ClusterYaml.endpoint(
                  service,
                  "10.244.9." + (1 + random.nextInt(200)),
                  "node-9",
                  ChaosCluster.POD_PORT));
      case 3 ->
          cluster.apply(
              ClusterYaml.policy(
                  "policy-" + number,
                  "passer-by",
                  "policyTypes: [Ingress], ingress: [{ports: [{protocol: UDP, port: "
                      + (1000 + random.nextInt(1000))
                      + "}]}]"));
      default -> delete(number);
    }
  }

  private void delete(int number) {
    cluster.delete(ApiResource.SERVICES, "service-" + number);
    cluster.delete(ApiResource.ENDPOINT_SLICES, "service-" + number + "-ipv4");
    cluster.delete(ApiResource.NETWORK_POLICIES, "policy-" + number);
  }

  @Override
  public void close() {
    going = false;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
