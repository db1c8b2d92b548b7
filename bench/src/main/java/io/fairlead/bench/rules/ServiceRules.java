package io.fairlead.bench.rules;

import io.fairlead.bench.lab.LabNamespace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Services in the kernel of a namespace, as fairlead or a rival keeps them there: for benchmarks of
 * what packets meet. Not thread-safe.
 */
public final class ServiceRules implements AutoCloseable {

  /** The port of every endpoint. */
  public static final int ENDPOINT_PORT = Population.ENDPOINT_PORT;

  private final Contender contender;
  private final Population population;

  private ServiceRules(Contender contender, Population population) {
    this.contender = contender;
    this.population = population;
  }

  /** Someone who keeps Services. */
  public static final class Keeper {

    private final Entrant entrant;

    private Keeper(Entrant entrant) {
      this.entrant = entrant;
    }

    /** Whether loading many Services may take it minutes. */
    public boolean isRival() {
      return entrant.rival();
    }

    /**
     * Loads Services with an endpoint each, all of which are out of reach.
     *
     * @param services 1 to 60,000
     * @param namespace is the result's, and gone if this fails
     */
    public ServiceRules load(int services, LabNamespace namespace)
        throws IOException, InterruptedException {
      Contender contender = entrant.open(namespace);
      try {
        Population population = new Population(services, 1);
        contender.load(population);
        return new ServiceRules(contender, population);
      } catch (IOException | InterruptedException | RuntimeException e) {
        contender.close();
        throw e;
      }
    }
  }

  /**
   * Those who take part for some backends.
   *
   * @param backends as {@code fairlead-bench rules} calls them
   * @param rivals whether the ways of kube-proxy take part that are of the same kind
   * @throws IllegalArgumentException with a sentence if there is no such backend
   */
  public static List<Keeper> keepers(List<String> backends, boolean rivals) {
    List<Backend> named = Backend.named(backends);
    List<Entrant> entrants = new ArrayList<>(Entrant.backends(named));
    if (rivals) {
      entrants.addAll(Entrant.connectingRivals(named));
    }
    return entrants.stream().map(Keeper::new).toList();
  }

  /** Whether IPVS, which not every kernel has, is among them. */
  public static boolean needIpvs(Collection<String> backends) {
    return backends.contains(Backend.IPVS.title());
  }

  /** As tables show it. */
  public String contender() {
    return contender.name();
  }

  /**
   * Gives a Service another endpoint, its only one.
   *
   * @param service 0 to one less than there are
   */
  public void endpoint(int service, String address) throws IOException, InterruptedException {
    contender.change(
        new Change(
            Change.Kind.REPLACED,
            service,
            population.addresses(service),
            List.of(address),
            address));
  }

  /** Where a Service is to be found, by TCP. */
  public InetSocketAddress frontend(int service) {
    return new InetSocketAddress(
        InetAddress.ofLiteral(Population.clusterIp(service)), Population.SERVICE_PORT);
  }

  public int services() {
    return population.services();
  }

  /** Ends its keeper; the namespace is gone then. */
  @Override
  public void close() {
    contender.close();
  }
}
