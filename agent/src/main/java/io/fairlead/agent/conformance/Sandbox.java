package io.fairlead.agent.conformance;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.route.Link;
import io.fairlead.dataplane.netlink.route.LinkAddress;
import io.fairlead.dataplane.netlink.route.LinkKind;
import io.fairlead.dataplane.netlink.route.LinkSelector;
import io.fairlead.dataplane.netlink.route.LinkSettings;
import io.fairlead.dataplane.netlink.route.Route;
import io.fairlead.dataplane.netlink.route.RouteFilter;
import io.fairlead.dataplane.netlink.route.RouteKernel;
import io.fairlead.dataplane.netlink.route.RouteOperation;
import io.fairlead.dataplane.netlink.route.RouteSocket;
import io.fairlead.dataplane.sys.NamespaceThread;
import io.fairlead.dataplane.sys.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A network namespace without a name that stands for a node or a pod, with its loopback device up.
 * It goes with this object, and with the process at the latest. Thread-safe.
 */
final class Sandbox implements AutoCloseable {

  private final NamespaceThread thread;

  private Sandbox(NamespaceThread thread) {
    this.thread = thread;
  }

  /**
   * A new namespace.
   *
   * @throws IOException without the right to make one
   */
  static Sandbox create(String name) throws IOException {
    Sandbox made = new Sandbox(NamespaceThread.create(name));
    try {
      made.apply(
          new RouteOperation.ChangeLink(
              new LinkSelector.ByName("lo"), LinkSettings.NONE.withUp(true)));
    } catch (IOException e) {
      made.close();
      throw e;
    }
    return made;
  }

  /** What CNI_NETNS names: valid for every process while this is open. */
  Path path() {
    return thread.namespace().path();
  }

  NetworkNamespace namespace() {
    return thread.namespace();
  }

  /** Runs {@code work} in the namespace: sockets that it opens and processes it starts stay. */
  <T> T call(Callable<T> work) throws IOException {
    try {
      return thread.call(work);
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  private interface Reading<T> {
    T read(RouteKernel kernel) throws IOException;
  }

  private <T> T kernel(Reading<T> reading) throws IOException {
    return call(() -> {
      try (RouteKernel kernel = RouteSocket.open()) {
        return reading.read(kernel);
      }
    });
  }

  List<Link> links() throws IOException {
    return kernel(RouteKernel::links);
  }

  /** The link of that name; null and no NullPointerException if there is none. */
  @Nullable Link link(String name) throws IOException {
    return links().stream().filter(link -> link.name().equals(name)).findFirst().orElse(null);
  }

  /** The addresses of a link; empty if there is no such link. */
  List<LinkAddress> addresses(String linkName) throws IOException {
    Link link = link(linkName);
    return link == null ? List.of() : kernel(kernel -> kernel.addresses(link.index()));
  }

  boolean hasAddress(String linkName, IpAddress address) throws IOException {
    return addresses(linkName).stream().anyMatch(one -> one.address().equals(address));
  }

  List<Route> routes() throws IOException {
    return kernel(kernel -> kernel.routes(RouteFilter.MAIN_TABLE));
  }

  void apply(RouteOperation... operations) throws IOException {
    kernel(kernel -> {
      kernel.applyAll(operations);
      return true;
    });
  }

  /** A bridge that does nothing: a link that somebody else made. */
  void addForeignLink(String name) throws IOException {
    apply(new RouteOperation.AddLink(name, LinkKind.Bridge.DEFAULT, LinkSettings.NONE));
  }

  void deleteLink(String name) throws IOException {
    apply(new RouteOperation.DeleteLink(new LinkSelector.ByName(name)));
  }

  @Override
  public void close() {
    thread.close();
  }
}
