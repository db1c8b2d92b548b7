package io.fairlead.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.server.EndpointsReport;
import io.fairlead.agent.server.NodesReport;
import io.fairlead.agent.server.PoliciesReport;
import io.fairlead.agent.server.RoutesReport;
import io.fairlead.agent.server.Selection;
import io.fairlead.agent.server.ServicesReport;
import io.fairlead.agent.server.ServicesReport.Frontend;
import io.fairlead.agent.server.ServicesReport.Port;
import io.fairlead.agent.server.ServicesReport.Service;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What {@code fairlead get} prints. */
class ListingsTest {

  private static Frontend frontend(String type, String address, String owner, long count) {
    return new Frontend(
        type, address, "cluster", List.of("192.0.2.0/24"), owner, count, count, count, count);
  }

  @Test
  @DisplayName("services: a line for each port")
  void services() {
    ServicesReport report =
        new ServicesReport(
            "node-1",
            "nftables",
            List.of(
                new Service("default", "odd", "", "", 0, "", List.of(), "no such type"),
                new Service(
                    "default",
                    "web",
                    "Cluster",
                    "Local",
                    600,
                    "wlc",
                    List.of(
                        new Port(
                            "http",
                            "tcp",
                            "IPv4",
                            List.of(
                                frontend("cluster-ip", "10.96.0.1:80/tcp", "", 3),
                                frontend("external-ip", "192.0.2.9:80/tcp", "default/old", -1)),
                            2,
                            1,
                            3),
                        new Port("", "udp", "IPv4", List.of(), 0, -1, 0)),
                    "")));
    ServicesListing listing = new ServicesListing();
    assertThat(listing.text(report, false))
        .isEqualTo(
            """
            NAMESPACE  NAME  PORT      TYPE                    ADDRESSES                          ENDPOINTS  HERE  POLICY          AFFINITY  NOTES
            default    odd   -         -                       -                                  -          -     -               -         left out: no such type
            default    web   http/tcp  cluster-ip,external-ip  10.96.0.1:80/tcp,192.0.2.9:80/tcp  2 of 3     1     external Local  600 s     192.0.2.9:80/tcp is Service default/old's
            default    web   udp       -                       -                                  0 of 0     -     external Local  600 s     -
            """);
    assertThat(listing.text(report, true)).contains("192.0.2.0/24   wlc        3");
    assertThat(listing.things(report)).hasSize(2);
    assertThat(listing.path(new Selection("a b", List.of("x", "y")), true))
        .isEqualTo("/services?namespace=a+b&names=x%2Cy&counters=true");
    assertThat(listing.path(Selection.ALL, false)).isEqualTo("/services");
    assertThat(listing.text(new ServicesReport("n", "nftables", List.of()), true))
        .isEqualTo("There are no such Services.\n");
  }

  @Test
  @DisplayName("endpoints: why each is used or not")
  void endpoints() {
    EndpointsReport report =
        new EndpointsReport(
            "node-1",
            "a",
            List.of(
                new EndpointsReport.Endpoint(
                    "default",
                    "web",
                    "http",
                    "tcp",
                    "10.244.1.2:8080",
                    "web-x",
                    "node-1",
                    List.of("a"),
                    List.of(),
                    false,
                    true,
                    true,
                    "OTHERS_READY",
                    "USED_DRAINING",
                    "terminating, and others are ready",
                    "")));
    assertThat(new EndpointsListing().text(report, true))
        .isEqualTo(
            """
            NAMESPACE  SERVICE  PORT      ENDPOINT         NODE    STATE                            FATE                               HERE  HINTS   SLICE
            default    web      http/tcp  10.244.1.2:8080  node-1  not ready, terminating, serving  terminating, and others are ready  -     zone a  web-x
            """);
  }

  @Test
  @DisplayName("nodes, policies and routes")
  void others() {
    assertThat(
            new NodesListing()
                .text(
                    new NodesReport(
                        "node-1",
                        "vxlan",
                        List.of(
                            new NodesReport.Node(
                                "node-2",
                                List.of("192.0.2.2"),
                                List.of("10.244.2.0/24"),
                                "aa:bb:cc:dd:ee:ff",
                                "",
                                "vxlan via 192.0.2.2",
                                List.of()))),
                    false))
        .isEqualTo(
            """
            NAME    ADDRESSES  POD-CIDRS      WAY                  ZONE  PROBLEM
            node-2  192.0.2.2  10.244.2.0/24  vxlan via 192.0.2.2  -     -
            """);
    assertThat(
            new PoliciesListing()
                .text(
                    new PoliciesReport(
                        "node-1",
                        List.of(
                            new PoliciesReport.Policy(
                                "default", "deny", "", List.of("a", "b"), 0, -1, List.of()))),
                    true))
        .isEqualTo(
            """
            NAMESPACE  NAME  SELECTS   PODS  INGRESS     EGRESS  PROBLEM  POD-NAMES
            default    deny  all pods  2     denies all  -       -        a,b
            """);
    assertThat(
            new RoutesListing()
                .text(
                    new RoutesReport(
                        "node-1",
                        List.of(
                            new RoutesReport.Entry(
                                "route", "node-2", "10.244.2.0/24 via 192.0.2.2", "missing", ""),
                            new RoutesReport.Entry(
                                "route", "", "", "extra", "10.244.9.0/24 via 192.0.2.9"))),
                    false))
        .isEqualTo(
            """
            NODE    KIND   WANTED                       STATE
            node-2  route  10.244.2.0/24 via 192.0.2.2  missing
            -       route  -                            extra: 10.244.9.0/24 via 192.0.2.9
            """);
  }
}
