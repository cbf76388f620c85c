/* certificate - the certificate of bench_inputs drawn with pdfkit and signed with @signpdf, as a
 * Node program would: a new document each time, RSA-2048, detached PKCS#7.
 *
 *     node certificate.js DIR WARM COUNT FONT.ttc FACE P12    prints documents a CPU second, bytes
 *
 * P12 holds key and certificate of DIR/rsa.*, without a passphrase. Packages: pdfkit,
 * @signpdf/signpdf, @signpdf/placeholder-plain, @signpdf/signer-p12. */
'use strict';
const fs = require('fs');
const path = require('path');
const { createRequire } = require('module');

const [dir, warm, count, font, face, p12] = process.argv.slice(2);
const needed = createRequire(path.join(process.cwd(), 'package.json'));
const PDFDocument = needed('pdfkit');
const signpdf = needed('@signpdf/signpdf').default;
const { P12Signer } = needed('@signpdf/signer-p12');
const { plainAddPlaceholder } = needed('@signpdf/placeholder-plain');

const items = fs.readFileSync(path.join(dir, 'page.tsv'), 'utf8').split('\n').filter(Boolean)
    .map((line) => {
        const [kind, x, y, width, height, size, colour, align, weight, text] = line.split('\t');
        return { kind, x: +x, y: +y, width: +width, height: +height, size: +size,
                 colour: '#' + colour, align, bold: weight === 'bold', text };
    });
const photo = fs.readFileSync(path.join(dir, 'photo.jpg'));

function drawText(pdf, item) {
    let size = item.size;
    pdf.fontSize(size);
    let width = pdf.widthOfString(item.text);
    if (item.width > 0 && width > item.width) {
        size *= item.width / width;
        pdf.fontSize(size);
        width = item.width;
    }
    const x = item.x - (item.align === 'centre' ? width / 2 : item.align === 'right' ? width : 0);
    pdf.lineWidth(size * 0.032);
    pdf.text(item.text, x, item.y, { lineBreak: false, baseline: 'alphabetic', fill: true, stroke: item.bold });
}

function drawQr(pdf, item) {
    const rows = item.text.split(',');
    const module = item.width / (rows.length + 8);
    rows.forEach((row, y) => {
        for (const run of row.matchAll(/1+/g)) {
            pdf.rect(item.x + (run.index + 4) * module, item.y + (y + 4) * module,
                     run[0].length * module, module);
        }
    });
    pdf.fill();
}

function drawSeal(pdf, item) {
    const d = item.width, cx = item.x + d / 2, cy = item.y + d / 2;
    pdf.lineWidth(d * 0.028).circle(cx, cy, d * 0.486).stroke();
    for (let i = 0; i < 10; i++) {
        const angle = -Math.PI / 2 + i * Math.PI / 5, length = d * (i % 2 === 0 ? 0.168 : 0.064);
        const to = [cx + Math.cos(angle) * length, cy + Math.sin(angle) * length];
        if (i === 0) pdf.moveTo(...to); else pdf.lineTo(...to);
    }
    pdf.fill();
    const letters = [...item.text];
    pdf.fontSize(d * 0.112);
    letters.forEach((letter, i) => {
        pdf.save();
        pdf.rotate(-118 + i * 236 / (letters.length - 1), { origin: [cx, cy] });
        pdf.text(letter, cx - d * 0.056, cy - d * 0.352, { lineBreak: false, baseline: 'alphabetic' });
        pdf.restore();
    });
}

function draw() {
    return new Promise((resolve) => {
        const pdf = new PDFDocument({ size: 'A4', margin: 0 });
        const parts = [];
        pdf.on('data', (part) => parts.push(part));
        pdf.on('end', () => resolve(Buffer.concat(parts)));
        pdf.font(font, face);
        for (const item of items) {
            pdf.fillColor(item.colour).strokeColor(item.colour);
            switch (item.kind) {
            case 'text': drawText(pdf, item); break;
            case 'line':
                pdf.lineWidth(item.size).moveTo(item.x, item.y)
                    .lineTo(item.x + item.width, item.y + item.height).stroke();
                break;
            case 'rectangle':
                pdf.lineWidth(item.size).rect(item.x, item.y, item.width, item.height);
                if (item.size > 0) pdf.stroke(); else pdf.fill();
                break;
            case 'image': pdf.image(photo, item.x, item.y, { width: item.width, height: item.height }); break;
            case 'qr': drawQr(pdf, item); break;
            case 'seal': drawSeal(pdf, item); break;
            default: throw new Error(item.kind);
            }
        }
        pdf.end();
    });
}

async function main() {
    const keys = fs.readFileSync(p12);
    let start = process.cpuUsage(), pdf = null;
    for (let i = 0; i < +warm + +count; i++) {
        if (i === +warm) start = process.cpuUsage();
        const open = plainAddPlaceholder({ pdfBuffer: await draw(), reason: 'bench', contactInfo: '',
                                           name: 'bench', location: '' });
        pdf = await signpdf.sign(open, new P12Signer(keys, { passphrase: '' })); // good for one
    }
    const used = process.cpuUsage(start);
    console.log((+count / ((used.user + used.system) / 1e6)).toFixed(1), pdf.length);
    fs.writeFileSync(path.join(dir, 'pdfkit.pdf'), pdf);
}

main();
