package io.fairlead.bench.effort;

import io.fairlead.bench.lab.LabNamespace;
import io.fairlead.cni.CniService;
import io.fairlead.cni.CniSettings;
import io.fairlead.cni.PodAdmission;
import io.fairlead.cni.attach.BridgeNetwork;
import io.fairlead.cni.attach.BridgeSettings;
import io.fairlead.cni.ipam.AddressPool;
import io.fairlead.cni.wire.CniRequest;
import io.fairlead.cni.wire.CniResponse;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.netlink.route.RouteKernel;
import io.fairlead.dataplane.netlink.route.RouteSocket;
import io.fairlead.dataplane.sys.NamespaceThread;
import io.fairlead.dataplane.sys.NetworkNamespace;
import io.fairlead.dataplane.sys.OwnedDescriptor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Attaching a pod, as the agent does it once the CNI binary has asked: bridge, link, addresses,
 * routes, and the lease on disk. Policies, host ports and port guards, which the agent sees to in
 * the same request, are not part of it.
 */
final class CniSubject implements Subject {

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String CONFIGURATION = "{\"cniVersion\":\"1.1.0\",\"name\":\"effort\"}";
  private static final Map<String, String> PARAMETERS = Map.of("contender", "fairlead CNI");

  private final Path folder;
  private final LabNamespace host;
  private final CniService service;
  private int pods;

  private CniSubject(Path folder, LabNamespace host, CniService service) {
    this.folder = folder;
    this.host = host;
    this.service = service;
  }

  static CniSubject create() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("fairlead-effort-");
    LabNamespace host = LabNamespace.create("effort-cni");
    try {
      CniService service =
          new CniService(
              AddressPool.open(folder.resolve("leases"), "boot"),
              new BridgeNetwork(RouteSocket::open),
              CniSubject::openIn,
              PodAdmission.EVERYBODY,
              List.of(),
              Optional::empty);
      CniSubject made = new CniSubject(folder, host, service);
      CniSettings settings =
          new CniSettings(
              List.of(Cidr.parse("10.244.1.0/24"), Cidr.parse("fd00:10:244:1::/64")),
              new BridgeSettings(BridgeSettings.DEFAULT_NAME, 1450));
      host.call(() -> service.configure(settings));
      return made;
    } catch (IOException | InterruptedException | RuntimeException e) {
      host.close();
      remove(folder);
      throw e;
    }
  }

  /** The binary would have opened a socket in the pod's namespace; here a thread of it does. */
  private static RouteKernel openIn(OwnedDescriptor namespace) throws IOException {
    try (NamespaceThread thread =
        NamespaceThread.enter("pod", NetworkNamespace.open(namespace.path()))) {
      return thread.call(RouteSocket::open);
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("no socket could be opened in a pod's namespace", e);
    }
  }

  @Override
  public String title() {
    return "fairlead CNI";
  }

  @Override
  public void round(EffortMeter meter) throws IOException, InterruptedException {
    String container = "%064x".formatted(++pods);
    try (LabNamespace pod = LabNamespace.create("pod");
        NetworkNamespace namespace = NetworkNamespace.open(pod.path())) {
      List<OwnedDescriptor> given = List.of(namespace.descriptor(), namespace.descriptor());
      CniRequest add = request("ADD", container);
      host.call(() -> {
        meter.change(
            Thread.currentThread().threadId(), PARAMETERS, "CNI ADD", () -> handle(add, given));
        return add;
      });
      CniRequest delete = request("DEL", container);
      host.call(() -> {
        meter.change(
            Thread.currentThread().threadId(),
            PARAMETERS,
            "CNI DEL, and the link is gone",
            () -> {
              long taken = handle(delete, List.of());
              if (!service.awaitRemovals(PATIENCE)) {
                throw new IOException("the link of a pod is still there after its DEL");
              }
              return taken;
            });
        return delete;
      });
    }
  }

  private long handle(CniRequest request, List<OwnedDescriptor> descriptors) throws IOException {
    CniResponse response = service.handle(request, descriptors);
    if (response.exitCode() != 0) {
      throw new IOException("a CNI request failed: " + response.text().strip());
    }
    return EffortMeter.NOT_COUNTED;
  }

  private static CniRequest request(String command, String container) {
    return new CniRequest(
        Map.of(
            "CNI_COMMAND",
            command,
            "CNI_CONTAINERID",
            container,
            "CNI_IFNAME",
            "eth0",
            "CNI_NETNS",
            "/proc/self/ns/net",
            "CNI_ARGS",
            "K8S_POD_NAMESPACE=default;K8S_POD_NAME=pod;K8S_POD_UID=" + container),
        CONFIGURATION.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    try {
      service.close();
      remove(folder);
    } catch (IOException e) {
      throw new IllegalStateException(folder + " cannot be given up", e);
    } finally {
      host.close();
    }
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
