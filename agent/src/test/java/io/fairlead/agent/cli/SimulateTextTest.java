package io.fairlead.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.server.SimulationReport;
import io.fairlead.agent.server.SimulationReport.Change;
import io.fairlead.agent.server.SimulationReport.Connection;
import io.fairlead.agent.server.SimulationReport.Part;
import io.fairlead.agent.server.SimulationReport.SimulatedObject;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimulateTextTest {

  @Test
  void allThatWouldHappen() {
    SimulationReport report =
        new SimulationReport(
            List.of(
                new SimulatedObject(
                    "NetworkPolicy", "default/deny", "a.yaml:1", "added", List.of()),
                new SimulatedObject(
                    "Service", "default/bad", "a.yaml:9", "left out", List.of("it has no port"))),
            List.of(
                new Part(
                    "policies",
                    List.of(
                        new Change("add", "set inet fairlead-policy x", "", "10.244.1.2"),
                        new Change("change", "map m", "a : b", "a : c")),
                    ""),
                new Part("services", List.of(), "")),
            List.of(
                new Connection(
                    "tcp",
                    "10.244.1.2:4000",
                    "default/client",
                    "10.244.1.3:80",
                    "default/web",
                    "10.96.0.10:80",
                    "ingress",
                    List.of("default/deny"))),
            List.of("Service default/b does not get 10.96.0.10"));
    assertThat(SimulateText.of(report, false))
        .isEqualTo(
            """
            KIND           NAME          EFFECT    PLACE
            NetworkPolicy  default/deny  added     a.yaml:1
            Service        default/bad   left out  a.yaml:9
            a.yaml:9: Service default/bad: it has no port

            policies: 2 changes in the kernel
              add in set inet fairlead-policy x
                + 10.244.1.2
              change in map m
                - a : b
                + a : c

            services: nothing would change in the kernel

            Connections of now that would be cut:
            PROTOCOL  FROM                              TO                           SERVICE        DENIED BY
            tcp       default/client (10.244.1.2:4000)  default/web (10.244.1.3:80)  10.96.0.10:80  ingress default/deny

            Conflicts there would be:
              Service default/b does not get 10.96.0.10.

            Nothing was applied.
            """);
    assertThat(report.hasProblems()).isTrue();
  }
}
