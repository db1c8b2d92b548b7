package io.fairlead.bench.report.plot;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/**
 * A text of an SVG image with the room that it takes, in pixels of the view box: what a program
 * that draws it would use, rather more than less.
 */
record PlacedText(String text, double left, double top, double right, double bottom) {

  private static final double ASCENT = 0.8;
  private static final double DESCENT = 0.22;

  /** The texts of an image. Fails unless it is well-formed. */
  static List<PlacedText> of(Element svg) {
    List<PlacedText> texts = new ArrayList<>();
    NodeList elements = svg.getElementsByTagName("text");
    for (int i = 0; i < elements.getLength(); i++) {
      Element element = (Element) elements.item(i);
      String text = element.getTextContent();
      boolean bold = element.getAttribute("class").equals("label");
      double width =
          bold ? TextWidth.ofBold(text, Stylesheet.SIZE) : TextWidth.of(text, Stylesheet.SIZE);
      double x = Double.parseDouble(element.getAttribute("x"));
      double y = Double.parseDouble(element.getAttribute("y"));
      double left =
          switch (element.getAttribute("text-anchor")) {
            case "middle" -> x - width / 2;
            case "end" -> x - width;
            default -> x;
          };
      texts.add(
          new PlacedText(
              text,
              left,
              y - ASCENT * Stylesheet.SIZE,
              left + width,
              y + DESCENT * Stylesheet.SIZE));
    }
    return texts;
  }

  static Element parse(String xml) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(xml)))
        .getDocumentElement();
  }

  boolean overlaps(PlacedText other) {
    return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
  }
}
