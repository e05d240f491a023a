/* SPDX-License-Identifier: MIT */
/* What is asked of a page from inside: each function returns a list of what is wrong, in words. */
({
    name(element) {
        const words = (element.textContent || "").trim().replace(/\s+/g, " ").slice(0, 40);
        return element.tagName.toLowerCase() + (element.id ? "#" + element.id : "") +
            (element.classList.length ? "." + [...element.classList].join(".") : "") + (words ? ` "${words}"` : "");
    },

    isShown(element) {
        return element.getClientRects().length > 0 && element.checkVisibility({checkOpacity: true, checkVisibilityCSS: true});
    },

    openAll() {
        document.querySelectorAll("details").forEach(details => { details.open = true; });
    },

    /* Nothing is wider than the page: it is not scrolled sideways. What scrolls by itself may be. */
    wide() {
        const room = document.documentElement.clientWidth, wrong = [];
        if (document.documentElement.scrollWidth <= room)
            return wrong;
        for (const element of document.body.querySelectorAll("*")) {
            const box = element.getBoundingClientRect();
            if (box.right > room + 0.5 && wrong.length < 5)
                wrong.push(`${this.name(element)} reaches to ${Math.round(box.right)} of ${room}`);
        }
        return wrong.length ? wrong : ["the page is wider than its window"];
    },

    texts(svg) {
        return [...svg.querySelectorAll("text")].filter(text => text.textContent.trim() && this.isShown(text) &&
            text.getBoundingClientRect().width > 0);
    },

    /* A font's box is higher than its letters. What a picture within the picture cuts off is not seen. */
    letters(text) {
        const box = text.getBoundingClientRect();
        const seen = {left: box.left + 0.5, right: box.right - 0.5, top: box.top + box.height * 0.2,
            bottom: box.bottom - box.height * 0.25};
        for (let frame = text.ownerSVGElement; frame.ownerSVGElement; frame = frame.ownerSVGElement) {
            if (getComputedStyle(frame).overflow === "visible")
                continue;
            const [left, width] = [frame.x.baseVal.value, frame.width.baseVal.value];
            const outer = frame.ownerSVGElement.getBoundingClientRect();
            seen.left = Math.max(seen.left, outer.left + left);
            seen.right = Math.min(seen.right, outer.left + left + width);
        }
        return seen;
    },

    /* Texts of a picture that lie on each other or leave it. */
    crowded() {
        const wrong = [];
        for (const svg of document.querySelectorAll("svg:not(svg svg)")) {
            if (!this.isShown(svg))
                continue;
            const frame = svg.getBoundingClientRect();
            const texts = this.texts(svg).filter(text => this.letters(text).left < this.letters(text).right);
            const boxes = texts.map(text => this.letters(text));
            boxes.forEach((box, i) => {
                if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 ||
                    box.bottom > frame.bottom + 1)
                    wrong.push(`${this.name(texts[i])} leaves its picture`);
                for (let j = 0; j < i; j++) {
                    const other = boxes[j];
                    if (box.left < other.right && other.left < box.right && box.top < other.bottom &&
                        other.top < box.bottom)
                        wrong.push(`${this.name(texts[j])} and ${this.name(texts[i])} overlap`);
                }
            });
        }
        return wrong;
    },

    /* Of pictures that are shown: where they are in the document. */
    pictures() {
        return [...document.querySelectorAll("svg, canvas")].filter(picture => this.isShown(picture)).map(picture => {
            const box = picture.getBoundingClientRect();
            return {name: this.name(picture), x: box.left + scrollX, y: box.top + scrollY, width: box.width,
                height: box.height};
        });
    },

    colour(text) {
        const context = this.context ||= document.createElement("canvas").getContext("2d", {willReadFrequently: true});
        context.clearRect(0, 0, 1, 1);
        context.fillStyle = text;
        context.fillRect(0, 0, 1, 1);
        const [red, green, blue, alpha] = context.getImageData(0, 0, 1, 1).data;
        return [red, green, blue, alpha / 255];
    },

    over(top, under) {
        return [0, 1, 2].map(i => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
    },

    /* WCAG 2.2, "relative luminance" and "contrast ratio". */
    contrast(one, other) {
        const light = colour => [0.2126, 0.7152, 0.0722].reduce((sum, weight, i) => {
            const part = colour[i] / 255;
            return sum + weight * (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
        }, 0);
        const [dark, bright] = [light(one), light(other)].sort((a, b) => a - b);
        return (bright + 0.05) / (dark + 0.05);
    },

    background(element) {
        const layers = [];
        for (let at = element; at; at = at.parentElement)
            layers.push(this.colour(getComputedStyle(at).backgroundColor));
        const canvas = this.colour(getComputedStyle(document.documentElement).colorScheme.includes("dark") &&
            matchMedia("(prefers-color-scheme: dark)").matches ? "#121212" : "#fff");
        return layers.reduceRight((under, layer) => this.over(layer, under), canvas);
    },

    /* What a picture has drawn before a text, where the text's middle is; or the halo around its letters. */
    behind(text, shapes) {
        const halo = getComputedStyle(text);
        if (halo.stroke !== "none" && halo.paintOrder.startsWith("stroke") && parseFloat(halo.strokeWidth) >= 3)
            return this.over(this.colour(halo.stroke), this.background(text.ownerSVGElement));
        const box = text.getBoundingClientRect();
        const x = (box.left + box.right) / 2, y = (box.top + box.bottom) / 2;
        let under = this.background(text.ownerSVGElement);
        for (const shape of shapes) {
            if (!(shape.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING))
                break;
            const reach = shape.getBoundingClientRect();
            if (x < reach.left || x > reach.right || y < reach.top || y > reach.bottom || !this.isShown(shape))
                continue;
            const point = new DOMPoint(x, y).matrixTransform(shape.getScreenCTM().inverse());
            const style = getComputedStyle(shape);
            if (style.fill === "none" || style.fill.startsWith("url") || !shape.isPointInFill(point))
                continue;
            const fill = this.colour(style.fill);
            fill[3] *= style.fillOpacity * style.opacity;
            under = this.over(fill, under);
        }
        return under;
    },

    /* 4.5 is what WCAG 2.2 asks of text of any size (level AA). */
    faint() {
        const wrong = [], least = 4.5;
        const judge = (element, front, under) => {
            const ratio = this.contrast(this.over(front, under), under);
            if (ratio < least)
                wrong.push(`${this.name(element)}: contrast ${ratio.toFixed(2)}, ${front} on ${under.map(Math.round)}`);
        };
        for (const element of document.body.querySelectorAll("*:not(svg *):not(script):not(style)")) {
            const hasText = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
            if (hasText && this.isShown(element))
                judge(element, this.colour(getComputedStyle(element).color), this.background(element));
        }
        for (const svg of document.querySelectorAll("svg:not(svg svg)")) {
            const shapes = [...svg.querySelectorAll("rect, path, polygon, circle, ellipse")];
            if (!this.isShown(svg))
                continue;
            for (const text of this.texts(svg)) {
                const front = this.colour(getComputedStyle(text).fill);
                front[3] *= getComputedStyle(text).fillOpacity;
                judge(text, front, this.behind(text, shapes));
            }
        }
        return wrong;
    },

    /* One h1, which is the first, and no level left out. */
    headings() {
        const levels = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].map(heading => +heading.tagName[1]);
        const wrong = [];
        if (levels[0] !== 1 || levels.filter(level => level === 1).length !== 1)
            wrong.push(`headings begin with ${levels.slice(0, 3)}`);
        levels.forEach((level, i) => {
            if (i && level > levels[i - 1] + 1)
                wrong.push(`a heading of level ${level} follows one of level ${levels[i - 1]}`);
        });
        if (!document.documentElement.lang)
            wrong.push("no language");
        if (!document.title)
            wrong.push("no title");
        return wrong;
    },

    /* Behind every picture there is a table: in the same section. */
    tables() {
        const wrong = [];
        for (const picture of document.querySelectorAll("svg, canvas")) {
            const section = picture.closest("section, figure, article") || document.body;
            if (picture.getAttribute("aria-hidden") !== "true" && !section.querySelector("table") &&
                !(section.parentElement && section.parentElement.closest("section")?.querySelector("table")))
                wrong.push(`${this.name(picture)} has no table behind it`);
        }
        for (const table of document.querySelectorAll("table")) {
            const details = table.closest("details");
            if (!this.isShown(table) && !(details && details.querySelector("summary") &&
                    this.isShown(details.querySelector("summary"))))
                wrong.push(`${this.name(table)} can be neither seen nor opened`);
            if (![...table.querySelectorAll("th")].length)
                wrong.push(`${this.name(table)} has no headings`);
        }
        return wrong;
    },

    /* What a hand on the keyboard must be able to reach. Of radio buttons it is one of a group, with arrows. */
    interactive() {
        const all = [...document.querySelectorAll(
            "a[href], button, input, select, textarea, summary, [tabindex]:not([tabindex='-1']), [role=button]")];
        return all.filter(element => this.isShown(element) && !element.disabled && element.type !== "radio");
    },

    reached: new Set(),
    unseen: [],
    noteFocus() {
        const element = document.activeElement;
        if (!element || element === document.body)
            return false;
        if (this.reached.has(element))
            return true;
        this.reached.add(element);
        const style = getComputedStyle(element);
        const shapes = [...element.querySelectorAll("*")].map(part => getComputedStyle(part));
        if (style.outlineStyle === "none" && style.boxShadow === "none" && !shapes.some(of => of.outlineStyle !== "none"))
            this.unseen.push(`${this.name(element)} does not show that it has the focus`);
        return false;
    },
    notReached() {
        return this.interactive().filter(element => !this.reached.has(element))
            .map(element => `${this.name(element)} can't be reached by Tab`).concat(this.unseen);
    },
})
