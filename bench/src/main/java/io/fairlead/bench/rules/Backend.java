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
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What fairlead can put Services into. */
public enum Backend {
  NFTABLES("nftables") {
    @Override
    public Opened open(AddressClaims claims, LabNamespace namespace) throws IOException {
      NfTablesSocket kernel = NfTablesSocket.open();
      NodeNetwork network = new NodeNetwork(POD_CIDRS, CLUSTER_CIDRS, List.of());
      return new Opened(
          new NftablesServices(kernel, claims, network, ServiceSettings.ofPods(POD_CIDRS)),
          () -> {},
          kernel::close);
    }
  },
  IPTABLES("iptables") {
    @Override
    public Opened open(AddressClaims claims, LabNamespace namespace) throws IOException {
      return iptables(NftXtables.open(), claims, () -> {});
    }
  },
  IPTABLES_LEGACY("iptables-legacy") {
    @Override
    public Opened open(AddressClaims claims, LabNamespace namespace) throws IOException {
      NamespacePlace place = new NamespacePlace(namespace);
      return iptables(new LegacyXtables(place), claims, place::close);
    }
  },
  IPVS("ipvs") {
    @Override
    public Opened open(AddressClaims claims, LabNamespace namespace) throws IOException {
      return IpvsBackend.open(claims, IpvsBackend.settings(POD_CIDRS));
    }
  };

  private static final List<Cidr> POD_CIDRS = List.of(Cidr.parse("10.244.1.0/24"));
  private static final List<Cidr> CLUSTER_CIDRS = List.of(Population.POD_NETWORK);

  private final String title;

  Backend(String title) {
    this.title = title;
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
   */
  public record Opened(ServiceBackend backend, Acknowledgement acknowledgement, Runnable resources)
      implements AutoCloseable {

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

  /** What the command line calls it. */
  public String title() {
    return title;
  }

  /** The value of a cell's parameter "contender". */
  public String contender() {
    return "fairlead " + title;
  }

  /** The lines of an agent's configuration that make it use this one. */
  Map<String, String> configuration() {
    return switch (this) {
      case NFTABLES, IPVS -> Map.of("proxy-mode", title);
      case IPTABLES -> Map.of("proxy-mode", "iptables", "iptables-variant", "nft");
      case IPTABLES_LEGACY -> Map.of("proxy-mode", "iptables", "iptables-variant", "legacy");
    };
  }

  private static Opened iptables(XtablesKernel kernel, AddressClaims claims, Runnable resources) {
    AwaitedXtables awaited = new AwaitedXtables(kernel);
    // A refusal that comes late also fails the wait, so that nobody need be told of it.
    return new Opened(
        new IptablesServices(awaited, claims, ServiceSettings.ofPods(POD_CIDRS), () -> {}),
        awaited::await,
        resources);
  }

  /** Opens it; to be called on the namespace's thread. */
  public abstract Opened open(AddressClaims claims, LabNamespace namespace) throws IOException;

  /**
   * The backends that words of the command line stand for; "all" for all that every kernel has.
   *
   * @throws IllegalArgumentException with a sentence if there is none
   */
  public static List<Backend> named(List<String> words) {
    Set<Backend> backends = EnumSet.noneOf(Backend.class);
    for (String word : words) {
      if (word.equals("all")) {
        backends.addAll(EnumSet.complementOf(EnumSet.of(IPVS)));
      } else {
        backends.add(Words.one("backend", word, values(), Backend::title));
      }
    }
    return List.copyOf(backends);
  }
}
