/* Certificate - the certificate of bench_inputs drawn with PDFBox and signed with BouncyCastle, as a
 * Java program would: fonts parsed once, a new document each time, RSA-2048, detached CMS.
 *
 *     java Certificate.java DIR WARM COUNT FONT.ttc FACE     prints documents a CPU second, bytes
 */
import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Calendar;
import java.util.List;
import org.apache.fontbox.ttf.TrueTypeCollection;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.font.PDType0Font;
import org.apache.pdfbox.pdmodel.graphics.image.JPEGFactory;
import org.apache.pdfbox.pdmodel.graphics.image.PDImageXObject;
import org.apache.pdfbox.pdmodel.graphics.state.RenderingMode;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.PDSignature;
import org.apache.pdfbox.util.Matrix;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

public class Certificate {
    static final float HEIGHT = PDRectangle.A4.getHeight();
    static final List<String[]> items = new ArrayList<>();
    static byte[] photo;
    static TrueTypeFont face;
    static PrivateKey key;
    static X509Certificate certificate;

    static byte[] pem(Path path) throws Exception {
        String text = Files.readString(path).replaceAll("-----[^-]*-----", "").replaceAll("\\s", "");
        return Base64.getDecoder().decode(text);
    }

    static void text(PDPageContentStream out, PDType0Font font, String[] item, float x, float y)
            throws Exception {
        float size = Float.parseFloat(item[5]), limit = Float.parseFloat(item[3]);
        float width = font.getStringWidth(item[9]) / 1000 * size;
        if (limit > 0 && width > limit) {
            size = size * limit / width;
            width = limit;
        }
        x -= item[7].equals("centre") ? width / 2 : item[7].equals("right") ? width : 0;
        out.beginText();
        out.setFont(font, size);
        out.setLineWidth(size * 0.032f);
        out.setRenderingMode(item[8].equals("bold") ? RenderingMode.FILL_STROKE : RenderingMode.FILL);
        out.newLineAtOffset(x, y);
        out.showText(item[9]);
        out.endText();
    }

    static void qr(PDPageContentStream out, String[] item, float x, float y) throws Exception {
        String[] rows = item[9].split(",");
        float module = Float.parseFloat(item[3]) / (rows.length + 8);
        for (int row = 0; row < rows.length; row++) {
            for (int from = 0; from < rows.length; from++) {
                int to = from;
                while (to < rows.length && rows[row].charAt(to) == '1') {
                    to++;
                }
                if (to > from) {
                    out.addRect(x + (from + 4) * module, y - (row + 5) * module,
                                (to - from) * module, module);
                    from = to;
                }
            }
        }
        out.fill();
    }

    static void seal(PDPageContentStream out, PDType0Font font, String[] item, float x, float y)
            throws Exception {
        float diameter = Float.parseFloat(item[3]), r = diameter / 2;
        float cx = x + r, cy = y - r, k = r * 0.5523f;
        out.setLineWidth(diameter * 0.028f);
        out.moveTo(cx + r, cy);
        out.curveTo(cx + r, cy + k, cx + k, cy + r, cx, cy + r);
        out.curveTo(cx - k, cy + r, cx - r, cy + k, cx - r, cy);
        out.curveTo(cx - r, cy - k, cx - k, cy - r, cx, cy - r);
        out.curveTo(cx + k, cy - r, cx + r, cy - k, cx + r, cy);
        out.stroke();
        for (int i = 0; i < 10; i++) {
            double angle = Math.PI / 2 + i * Math.PI / 5, length = diameter * (i % 2 == 0 ? 0.168 : 0.064);
            float px = cx + (float) (Math.cos(angle) * length), py = cy + (float) (Math.sin(angle) * length);
            if (i == 0) {
                out.moveTo(px, py);
            } else {
                out.lineTo(px, py);
            }
        }
        out.fill();
        int count = item[9].codePointCount(0, item[9].length());
        out.beginText();
        out.setFont(font, diameter * 0.112f);
        for (int i = 0; i < count; i++) {
            double angle = Math.toRadians(208 - i * 236.0 / (count - 1));
            float px = cx + (float) (Math.cos(angle) * diameter * 0.352);
            float py = cy + (float) (Math.sin(angle) * diameter * 0.352);
            out.setTextMatrix(Matrix.getRotateInstance(angle - Math.PI / 2, px, py));
            out.showText(item[9].substring(i, i + 1));
        }
        out.endText();
    }

    static byte[] draw() throws Exception {
        try (PDDocument document = new PDDocument()) {
            PDPage page = new PDPage(PDRectangle.A4);
            document.addPage(page);
            PDType0Font font = PDType0Font.load(document, face, true);
            try (PDPageContentStream out = new PDPageContentStream(document, page)) {
                for (String[] item : items) {
                    float x = Float.parseFloat(item[1]), y = HEIGHT - Float.parseFloat(item[2]);
                    float width = Float.parseFloat(item[3]), height = Float.parseFloat(item[4]);
                    Color colour = new Color(Integer.parseInt(item[6], 16));
                    out.setNonStrokingColor(colour);
                    out.setStrokingColor(colour);
                    switch (item[0]) {
                    case "text": text(out, font, item, x, y); break;
                    case "line":
                        out.setLineWidth(Float.parseFloat(item[5]));
                        out.moveTo(x, y);
                        out.lineTo(x + width, y - height);
                        out.stroke();
                        break;
                    case "rectangle":
                        out.setLineWidth(Float.parseFloat(item[5]));
                        out.addRect(x, y - height, width, height);
                        if (Float.parseFloat(item[5]) > 0) {
                            out.stroke();
                        } else {
                            out.fill();
                        }
                        break;
                    case "image":
                        PDImageXObject image = JPEGFactory.createFromByteArray(document, photo);
                        out.drawImage(image, x, y - height, width, height);
                        break;
                    case "qr": qr(out, item, x, y); break;
                    case "seal": seal(out, font, item, x, y); break;
                    default: throw new IllegalArgumentException(item[0]);
                    }
                }
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            document.save(bytes);
            return bytes.toByteArray();
        }
    }

    static byte[] cms(InputStream content) throws IOException {
        try {
            return generate(content.readAllBytes());
        } catch (CMSException | GeneralSecurityException | OperatorCreationException e) {
            throw new IOException(e);
        }
    }

    static byte[] generate(byte[] content)
            throws CMSException, GeneralSecurityException, OperatorCreationException, IOException {
        CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
        generator.addSignerInfoGenerator(
            new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().build())
                .build(new JcaContentSignerBuilder("SHA256withRSA").build(key), certificate));
        generator.addCertificates(new JcaCertStore(List.of(certificate)));
        return generator.generate(new CMSProcessableByteArray(content), false).getEncoded();
    }

    static byte[] sign(byte[] pdf) throws Exception {
        try (PDDocument document = PDDocument.load(pdf)) {
            PDSignature signature = new PDSignature();
            signature.setFilter(PDSignature.FILTER_ADOBE_PPKLITE);
            signature.setSubFilter(PDSignature.SUBFILTER_ETSI_CADES_DETACHED);
            signature.setSignDate(Calendar.getInstance());
            document.addSignature(signature, Certificate::cms);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            document.saveIncremental(bytes);
            return bytes.toByteArray();
        }
    }

    public static void main(String[] args) throws Exception {
        Path dir = Path.of(args[0]);
        for (String line : Files.readAllLines(dir.resolve("page.tsv"), StandardCharsets.UTF_8)) {
            items.add(line.split("\t", -1));
        }
        photo = Files.readAllBytes(dir.resolve("photo.jpg"));
        face = new TrueTypeCollection(new File(args[3])).getFontByName(args[4]);
        key = KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(pem(dir.resolve("rsa.key"))));
        certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                          .generateCertificate(Files.newInputStream(dir.resolve("rsa.pem")));
        var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        int warm = Integer.parseInt(args[1]), count = Integer.parseInt(args[2]);
        long start = 0;
        byte[] pdf = new byte[0];
        for (int i = 0; i < warm + count; i++) {
            if (i == warm) {
                start = system.getProcessCpuTime();
            }
            pdf = sign(draw());
        }
        System.out.printf("%.1f %d%n", count / ((system.getProcessCpuTime() - start) / 1e9), pdf.length);
        Files.write(dir.resolve("pdfbox.pdf"), pdf);
    }
}
