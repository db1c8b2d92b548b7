package io.fairlead.bench.datapath;

import io.fairlead.bench.datapath.TrafficPath.Figure;
import io.fairlead.bench.lab.LabNamespace;
import io.fairlead.bench.rules.ServiceRules;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A node that routes between a client and a server, and keeps Services, of which the first, the one
 * in the middle and the last have the server as their only endpoint. Not thread-safe.
 */
final class ServicePath implements AutoCloseable {

  /** The contender of a node without any rule, whose client connects to the server itself. */
  static final String DIRECT = "floor: pod address, routed";

  private static final String SERVER = "10.244.2.2";

  private final LabNamespace node;
  private final Ends ends;
  private final PathServer server;
  private final @Nullable ServiceRules rules;

  private ServicePath(
      LabNamespace node, Ends ends, PathServer server, @Nullable ServiceRules rules) {
    this.node = node;
    this.ends = ends;
    this.server = server;
    this.rules = rules;
  }

  /**
   * Makes it.
   *
   * @param keeper of the Services; null for a node without any
   * @param services how many it keeps
   */
  static ServicePath create(ServiceRules.@Nullable Keeper keeper, int services)
      throws IOException, InterruptedException {
    Ends ends = Ends.create();
    LabNamespace node = LabNamespace.create("node");
    try {
      ends.route(node);
      ServiceRules rules = keeper == null ? null : keeper.load(services, node);
      for (int service : positions(services).values()) {
        if (rules != null) {
          rules.endpoint(service, SERVER);
        }
      }
      PathServer server = PathServer.start(ends.server(), ServiceRules.ENDPOINT_PORT);
      return new ServicePath(node, ends, server, rules);
    } catch (IOException | InterruptedException | RuntimeException e) {
      node.close();
      ends.close();
      throw e;
    }
  }

  /**
   * Where in the order in which they were loaded a connection's Service is; the middle is first.
   */
  private static Map<String, Integer> positions(int services) {
    Map<String, Integer> positions = new LinkedHashMap<>();
    positions.put("middle", services / 2);
    if (services > 2) {
      positions.put("first", 0);
      positions.put("last", services - 1);
    }
    return positions;
  }

  /** As progress names it. */
  String title() {
    return rules == null
        ? DIRECT
        : rules.contender() + " with " + rules.services() + " Services on a node";
  }

  /** The ways through it: everything is measured through the Service in the middle. */
  List<TrafficPath> paths() {
    ServiceRules own = rules;
    Set<Figure> figures = EnumSet.of(Figure.CONNECT, Figure.ROUND_TRIP, Figure.THROUGHPUT);
    if (own == null) {
      InetSocketAddress direct =
          new InetSocketAddress(InetAddress.ofLiteral(SERVER), ServiceRules.ENDPOINT_PORT);
      return List.of(new TrafficPath(parameters(DIRECT, 0), ends.client(), direct, figures));
    }
    List<TrafficPath> paths = new ArrayList<>();
    positions(own.services())
        .forEach((position, service) -> {
          Map<String, String> parameters = parameters(own.contender(), own.services());
          boolean middle = position.equals("middle");
          if (!middle) {
            parameters.put("position", position);
          }
          paths.add(
              new TrafficPath(
                  parameters,
                  ends.client(),
                  own.frontend(service),
                  middle ? figures : EnumSet.of(Figure.CONNECT)));
        });
    return paths;
  }

  private static Map<String, String> parameters(String contender, int services) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("contender", contender);
    parameters.put("services", Integer.toString(services));
    return parameters;
  }

  @Override
  public void close() {
    server.close();
    if (rules != null) {
      rules.close();
    }
    node.close();
    ends.close();
  }
}
