package io.fairlead.dataplane.netlink.ipvs;

/**
 * One change to ask of the kernel. The text is canonical, for plans, tests and errors: {@code add
 * real server 10.244.1.3:53 weight 1 to 10.96.0.10:53/udp}.
 */
public sealed interface IpvsOperation {

  /** The virtual server that it is about. */
  VirtualServerId virtualServer();

  /**
   * Makes a virtual server; EEXIST if there is one, ENOENT if the scheduler is unknown, EINVAL if
   * its name is longer than 15 bytes.
   */
  record AddVirtualServer(VirtualServer server) implements IpvsOperation {

    public AddVirtualServer {
      IpvsText.requireOurs(server, server.foreign());
    }

    @Override
    public VirtualServerId virtualServer() {
      return server.id();
    }

    @Override
    public String toString() {
      return "add virtual server " + server;
    }
  }

  /**
   * Sets everything of a virtual server, and keeps its real servers and connections; ESRCH if there
   * is none, ENOENT if the scheduler is unknown, EINVAL if its name is longer than 15 bytes.
   */
  record ChangeVirtualServer(VirtualServer server) implements IpvsOperation {

    public ChangeVirtualServer {
      IpvsText.requireOurs(server, server.foreign());
    }

    @Override
    public VirtualServerId virtualServer() {
      return server.id();
    }

    @Override
    public String toString() {
      return "change virtual server " + server;
    }
  }

  /** Deletes a virtual server with its real servers; ESRCH if there is none. */
  record DeleteVirtualServer(VirtualServerId virtualServer) implements IpvsOperation {
    @Override
    public String toString() {
      return "delete virtual server " + virtualServer;
    }
  }

  /**
   * Makes a real server; ESRCH without the virtual server, EEXIST if it is there. Its family is
   * that of the virtual server, or EINVAL, unless its method is a tunnel. A multicast address is
   * EINVAL, too.
   *
   * <p>For some 3 minutes the kernel keeps real servers that were deleted, so that one that returns
   * has its connections again, and looks through all of them whenever one is added: after 20,000
   * deletions an addition takes milliseconds instead of microseconds.
   */
  record AddRealServer(VirtualServerId virtualServer, RealServer server) implements IpvsOperation {

    public AddRealServer {
      IpvsText.requireOurs(server, server.foreign());
    }

    @Override
    public String toString() {
      return "add real server " + server + " to " + virtualServer;
    }
  }

  /** Sets weight and method; ESRCH without the virtual server, ENOENT without the real one. */
  record ChangeRealServer(VirtualServerId virtualServer, RealServer server)
      implements IpvsOperation {

    public ChangeRealServer {
      IpvsText.requireOurs(server, server.foreign());
    }

    @Override
    public String toString() {
      return "change real server " + server + " of " + virtualServer;
    }
  }

  /** Deletes a real server; ESRCH without the virtual server, ENOENT without the real one. */
  record DeleteRealServer(VirtualServerId virtualServer, RealServerId server)
      implements IpvsOperation {
    @Override
    public String toString() {
      return "delete real server " + server + " from " + virtualServer;
    }
  }
}
