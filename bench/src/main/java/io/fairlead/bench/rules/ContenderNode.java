package io.fairlead.bench.rules;

import io.fairlead.bench.lab.LabNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A node between a client and all endpoints, in a namespace each: what crosses it goes through the
 * rules of a contender. Not thread-safe.
 */
final class ContenderNode implements Target {

  private final Contender contender;
  private final LabNamespace pod;
  private final Endpoints endpoints;
  private final ServiceClient client;

  private ContenderNode(
      Contender contender, LabNamespace pod, Endpoints endpoints, ServiceClient client) {
    this.contender = contender;
    this.pod = pod;
    this.endpoints = endpoints;
    this.client = client;
  }

  /** Loads the population. */
  static ContenderNode create(Entrant entrant, Population population)
      throws IOException, InterruptedException {
    LabNamespace pod = LabNamespace.create("client");
    try {
      return create(entrant, population, pod);
    } catch (IOException | InterruptedException | RuntimeException e) {
      pod.close();
      throw e;
    }
  }

  private static ContenderNode create(Entrant entrant, Population population, LabNamespace pod)
      throws IOException, InterruptedException {
    LabNamespace node = LabNamespace.create("node");
    // From here on the contender closes the namespace.
    Contender contender = entrant.open(node);
    try {
      Endpoints.link(node, pod, "client");
      node.run("ip", "address", "add", "10.244.1.1/24", "dev", "client");
      pod.run("ip", "address", "add", "10.244.1.2/24", "dev", "eth0");
      pod.run("ip", "route", "add", "default", "via", "10.244.1.1");
      node.call(() -> Files.writeString(Path.of("/proc/sys/net/ipv4/ip_forward"), "1"));
      Endpoints endpoints = Endpoints.behind(node);
      try {
        contender.load(population);
        return new ContenderNode(contender, pod, endpoints, ServiceClient.start(pod));
      } catch (IOException | InterruptedException | RuntimeException e) {
        endpoints.close();
        throw e;
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      contender.close();
      throw e;
    }
  }

  @Override
  public String contender() {
    return contender.name();
  }

  @Override
  public Applied apply(Change change) throws IOException, InterruptedException {
    return contender.change(change);
  }

  @Override
  public ServiceClient client() {
    return client;
  }

  @Override
  public void settle() throws IOException, InterruptedException {
    contender.settle();
  }

  @Override
  public void close() {
    client.close();
    endpoints.close();
    contender.close();
    pod.close();
  }
}
