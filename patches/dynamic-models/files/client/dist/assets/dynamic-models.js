/* dynamic-models, the patch of librechat-patcher: LibreChat's client shows a user's own models.
   Made from page/src and patches/dynamic-models/files/client/src/hooks/Input of that project. */
var D=new WeakMap,F=e=>!!e.getQueryCache().find(["models"])?.getObserversCount(),u=e=>e?D.get(e)??[e]:
[],q=(e,t)=>{if(e!==t){let r=[...u(e).filter(s=>s!==t&&F(s)),t];r.forEach(s=>D.set(s,r))}},N=e=>(u(e).
find(F)??e)?.getQueryState(["models"]),h=e=>u(e).forEach(t=>t.invalidateQueries(["models"])),j=(e,t)=>u(
e).forEach(o=>{let r=o.getQueryState(["models"]);r&&r.dataUpdatedAt<t&&o.invalidateQueries(["models"])}),
K=async e=>{for(let t of u(e)){let o=t.getQueryCache().find(["models"]);o?.state.fetchStatus==="fetc\
hing"&&await o.fetch().catch(()=>{})}},p=(e,t)=>u(e).map(o=>o.getQueryData(t)).find(o=>o!==void 0);var g="modelRefresh",C=null,T=!1,y=e=>{let t=2166136261;for(let o=0;o<e.length;o++)t=Math.imul(t^e.charCodeAt(
o),16777619);return(t>>>0).toString(36)},b=()=>{try{let e=T?C:localStorage.getItem(g),t=JSON.parse(e??
"{}");return typeof t=="object"&&t!==null?t:{}}catch{return{}}},x=e=>{C=JSON.stringify(e);try{localStorage.
setItem(g,C),T=!1}catch{T=!0}},z=e=>{let t={};for(let o of Object.keys(e).sort())t[y(o)]=y(e[o].models.
join(`
`));return t},c=e=>{let t=b();return t.user===y(e)?t:{changedAt:t.changedAt}},R=(e,t)=>x({...c(e),...t,
user:y(e)}),v=()=>x({...b(),lists:void 0,toldAt:void 0,changedAt:Date.now()}),I=()=>x({...b(),toldAt:Date.
now()});var se=1440*60*1e3,ne=6e3,W="com_error_invalid_user_key",$="com_error_no_base_url",M="com_error_endp\
oint_models_not_loaded",ie={no_user_key:"com_error_no_user_key",invalid_user_key:W,provider_unauthorized:W,
expired_user_key:"com_error_expired_user_key",insecure_url:$,blocked_url:$,provider_error:M,provider_timeout:M,
invalid_response:M,internal_error:M},A=(e,t,o)=>{let r=o&&ie[o.code];if(!r)return;let{expiresAt:s}=p(
e.queryClient(),["name",t])??{},n=s?new Date(s).toLocaleString():"",a=e.localize(r,[t,n]),d=a&&a!==r?
a:o.message;e.showToast({message:d.includes(t)?d:`${t}: ${d}`,status:"error",duration:ne}),I()},J=(e,t,o)=>{
let r=Object.keys(o).find(n=>o[n].error?.code==="provider_unauthorized"),{toldAt:s=0}=c(t);r!=null&&
Date.now()-s>=se&&A(e,r,o[r].error)};var P=60,de=["openAI","google","anthropic","assistants"],ae=(e,t)=>e.length===t?.length&&e.every((o,r)=>o===
t[r]),ce=(e,t)=>Object.keys(e).every(o=>ae(e[o].models,t[o])),le=e=>e.initial!=null,E=(e,t)=>{let{changedAt:o=0}=c(
t);o<=Date.now()&&j(e.queryClient(),o)},ue=(e,t,o,r)=>{let{data:s,dataUpdatedAt:n=r}=N(e.queryClient())??
{},{lists:a,changedAt:d=0}=c(t),i=z(o),l=JSON.stringify(a)!==JSON.stringify(i),w=n<r&&Object.keys(a??
{}).some(f=>!(f in i));if(s&&!le(s)&&(w||!ce(o,s))){let f=!l&&d>=r;R(t,{lists:i,changedAt:f?d:Date.now()}),
h(e.queryClient());return}R(t,{lists:i,changedAt:l?Math.max(d,n):d})},S=async(e,t)=>{let o=Date.now();
R(t,{askedAt:o});try{let r=await e.fetchUserModels({maxAge:P});await K(e.queryClient()),e.userId()===
t&&"endpoints"in r&&(ue(e,t,r.endpoints,o),J(e,t,r.endpoints))}catch{return}},fe=async(e,t)=>{try{let o=await e.
fetchUserModels({endpoint:t});return"error"in o?o.error:void 0}catch(o){let{response:r}=o;return r?.
data?.error}},B=async(e,t)=>{let o=p(e.queryClient(),["endpoints"]),r=o?.[t]?.type==="custom";if(o&&
!r&&!de.includes(t))return;v();let s=await fe(e,t);v(),h(e.queryClient()),A(e,t,s)},H=e=>{v(),h(e.queryClient())};var G=60*1e3,X=P*1e3,me=5*G,he=1440*G,pe=['[id^="endpoint-item-"]','[id^="endpoint-"][id$="-menu"]',
'[data-testid="select-dropdown-button"][aria-expanded="true"]'].join(),Y=(e,t)=>{let{askedAt:o=0,lists:r}=c(
e),s=r!=null&&Object.keys(r).length===0,n=Date.now()-o;return n<0||n>=(s?he:t)},V=(e,t)=>{let o=X,r=()=>{
document.visibilityState!=="hidden"&&(Y(t,o)?S(e,t):E(e,t),o=me)},s=()=>{Y(t,X)&&document.querySelector(
pe)&&S(e,t)},n=a=>{a.key===g&&document.visibilityState!=="hidden"&&E(e,t)};return document.addEventListener(
"visibilitychange",r),document.addEventListener("focusin",s),window.addEventListener("storage",n),r(),
()=>{document.removeEventListener("visibilitychange",r),document.removeEventListener("focusin",s),window.
removeEventListener("storage",n)}};var ye=500,Z=(e,...t)=>{let o=Object.keys(e??{});return t.every(r=>o.includes(r))},ee=async()=>{let e=document.
querySelectorAll("link[rel=modulepreload], script[type=module][src]"),o=(await Promise.all([...e].map(
({href:r,src:s})=>import(r||s).catch(()=>({}))))).flatMap(r=>Object.values(r));return{http:o.find(r=>Z(
r,"isAxiosError","interceptors")),texts:o.find(r=>Z(r,"t","changeLanguage"))}},te=e=>{let t=document.
getElementById("root")??{},r=[Object.entries(t).find(([s])=>s.startsWith("__reactContainer$"))?.[1].
stateNode.current];for(let s=0;s<ye&&r.length>0;s++){let n=r.pop();if(n?.memoizedProps&&e(n.memoizedProps))
return n.memoizedProps;n&&r.push(n.sibling,n.child)}return null},k,_=()=>{let t=te(({client:o})=>o?.
getQueryCache)?.client;return t&&(q(k??t,t),k=t),k},oe=e=>te(({value:t})=>t?.showToast)?.value?.showToast?.(
e),Q=()=>{let e=_();if(e?.getQueryData(["endpoints"]))for(let t of e.getQueryCache().findAll(["assis\
tants"]))t.queryKey.length===2&&!t.state.data&&t.isDisabled()&&e.setQueryData(t.queryKey,{data:[]},{
updatedAt:1})};var U=new URL("../api/",import.meta.url),re=new WeakSet,ge=async()=>{let{http:e,texts:t}=await ee();
if(!e)return;let o,r,s={showToast:oe,queryClient:_,userId:()=>o,localize:(i,l)=>t?.t(i,{...l}),fetchUserModels:async i=>(await e.
post(new URL("models/fetch",U).href,i)).data},n=i=>{i!==o&&(r?.(),o=i,r=i?V(s,i):void 0)},a=i=>{let{
url:l="",method:w,data:f}=i.config,{href:L}=new URL(l,document.baseURI);if(re.has(i)||!L.startsWith(
U.href))return;re.add(i);let m=`${w} ${L.slice(U.href.length)}`;if(m==="put keys")return B(s,JSON.parse(
f).name);if(/^delete keys[/?]/.test(m))return H(s);if(m==="get user")return n(i.data.id??i.data._id);
if(m.endsWith(" auth/logout"))return n();if(/^get (models|endpoints)$/.test(m))return setTimeout(Q)};
e.interceptors.response.use(i=>(Promise.resolve(i).then(a).catch(()=>{}),i));let d=_()?.getQueryData(
["user"]);n(d?.id??d?._id),Q()};ge().catch(()=>{});
