package io.fairlead.bench.rules;

import io.fairlead.bench.lab.LabNamespace;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.ServiceBackend;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.iptables.IptablesServices;
import io.fairlead.iptables.kernel.LegacyXtables;
import io.fairlead.iptables.kernel.NftXtables;
import io.fairlead.iptables.kernel.XtablesKernel;
import io.fairlead.nftables.NftablesServices;
import io.fairlead.nftables.NodeNetwork;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** What fairlead can put Services into. */
public enum Backend {
  NFTABLES("nftables", true) {
    @Override
    public Opened open(AddressClaims claims, LabNamespace namespace) throws IOException {
      NfTablesSocket kernel = NfTablesSocket.open();
      NodeNetwork network = new NodeNetwork(POD_CIDRS, CLUSTER_CIDRS, List.of());
      return new Opened(
          new NftablesServices(kernel, claims, network, ServiceSettings.ofPods(POD_CIDRS)),
          () -> {},
          kernel::close,
          Opened::notCounted);
    }
  },
  IPTABLES("iptables", true) {
    @Override
    public Opened open(AddressClaims claims, LabNamespace namespace) throws IOException {
      return iptables(NftXtables.open(), claims, () -> {});
    }
  },
  IPTABLES_LEGACY("iptables-legacy", false) {
    @Override
    public Opened open(AddressClaims claims, LabNamespace namespace) throws IOException {
      NamespacePlace place = new NamespacePlace(namespace);
      return iptables(new LegacyXtables(place), claims, place::close);
    }
  },
  IPVS("ipvs", true) {
    @Override
    public Opened open(AddressClaims claims, LabNamespace namespace) throws IOException {
      return IpvsBackend.open(claims, IpvsBackend.settings(POD_CIDRS));
    }
  };

  private static final List<Cidr> POD_CIDRS = List.of(Cidr.parse("10.244.1.0/24"));
  private static final List<Cidr> CLUSTER_CIDRS = List.of(Cidr.parse("10.244.0.0/16"));

  private final String title;
  private final boolean inAgent;

  Backend(String title, boolean inAgent) {
    this.title = title;
    this.inAgent = inAgent;
  }

  /** A wait for the kernel. */
  @FunctionalInterface
  public interface Acknowledgement {
    void await() throws IOException, InterruptedException;
  }

  /**
   * An open backend.
   *
   * @param acknowledgement waits until the kernel has what was committed, if that takes longer than
   *     the commit
   * @param resources what it works with, closed after it
   * @param messages how many netlink messages it has sent, or {@link Contender#NOT_MEASURED}
   */
  public record Opened(
      ServiceBackend backend,
      Acknowledgement acknowledgement,
      Runnable resources,
      LongSupplier messages)
      implements AutoCloseable {

    private static long notCounted() {
      return Contender.NOT_MEASURED;
    }

    /**
     * Commits and waits for the kernel.
     *
     * @return what it took
     */
    public List<String> commit() throws IOException, InterruptedException {
      List<String> taken = backend.commit();
      acknowledgement.await();
      return taken;
    }

    @Override
    public void close() {
      backend.close();
      resources.run();
    }
  }

  /** What the command line and the tables call it. */
  public String title() {
    return title;
  }

  /** Whether an agent uses it if its proxy mode is the title. */
  public boolean isInAgent() {
    return inAgent;
  }

  private static Opened iptables(XtablesKernel kernel, AddressClaims claims, Runnable resources) {
    AwaitedXtables awaited = new AwaitedXtables(kernel);
    // A refusal that comes late also fails the wait, so that nobody need be told of it.
    return new Opened(
        new IptablesServices(awaited, claims, ServiceSettings.ofPods(POD_CIDRS), () -> {}),
        awaited::await,
        resources,
        Opened::notCounted);
  }

  /** Opens it; to be called on the namespace's thread. */
  public abstract Opened open(AddressClaims claims, LabNamespace namespace) throws IOException;

  /**
   * The backends that a word of the command line stands for; "all" for all that every kernel has.
   *
   * @throws IllegalArgumentException with a sentence if there is none
   */
  public static List<Backend> named(String title) {
    if (title.equals("all")) {
      return Arrays.stream(values()).filter(backend -> backend != IPVS).toList();
    }
    return Arrays.stream(values())
        .filter(backend -> backend.title.equals(title))
        .findFirst()
        .map(List::of)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "there is no backend \"" + title + "\"; try " + titles() + " or all"));
  }

  static String titles() {
    return Arrays.stream(values()).map(Backend::title).collect(Collectors.joining(", "));
  }
}
